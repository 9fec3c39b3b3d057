# One image of the package that is published: Node, PostgreSQL's programs, Naru. glibc, because PostgreSQL needs it.
FROM node:24-bookworm-slim AS build
WORKDIR /source
COPY . .
# `npm run package` builds what browsers load, and packs everything into one tarball.
RUN npm ci --no-audit --no-fund \
 && npm run package \
 && npm install --prefix /opt/naru --omit=dev --no-audit --no-fund ./dist/naru-*.tgz \
 && rm -rf /opt/naru/node_modules/node-linux-* \
 && chmod -R a+rX /opt/naru

FROM node:24-bookworm-slim
COPY --from=build /opt/naru /opt/naru
# Nothing is written but the data, and PostgreSQL's socket in /tmp: the root file system may be read-only.
RUN mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8686 NARU_DATA_DIR=/data
USER node
WORKDIR /data
VOLUME /data
EXPOSE 8686
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=16", "/opt/naru/node_modules/naru/naru/src/main.js"]
CMD ["serve"]

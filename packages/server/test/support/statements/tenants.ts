import { equalitiesOf, type Fields, isFields, listOf, namesOf, tagged, textOf } from './tree.ts'

/** Functions of ours that give back the store's id that they are given, or fail. */
const storeChecks: ReadonlySet<string> = new Set(['store_in_epoch', 'store_in_time'])

/** The tables of tenants, each with the column that leads its key: `store_id`, or `merchant_id`. */
export type TenantTables = ReadonlyMap<string, string>

/** What a column or a value is the same as, by the conditions of the statement: one representative for all that are equal. */
class Equals {
  readonly #parents = new Map<string, string>()

  of(name: string): string {
    const parent = this.#parents.get(name)
    return parent === undefined ? name : this.of(parent)
  }

  join(one: string | undefined, other: string | undefined): void {
    if (one === undefined || other === undefined) return
    const [first, second] = [this.of(one), this.of(other)]
    if (first === second) return
    if (second === parameter) this.#parents.set(first, second)
    else this.#parents.set(second, first)
  }
}

/** What is sent beside the statement. That several are the same tenant, the text cannot say. */
const parameter = '$'

type Relation = { readonly id: string; readonly alias: string; readonly columns: 'any' | ReadonlySet<string> }
type Scope = {
  readonly relations: Relation[]
  readonly parent: Scope | undefined
  readonly ctes: ReadonlyMap<string, string>
}

/** The uses of tenants' tables in a statement whose tenant is no parameter of it, by the tables' names. */
export const withoutTenant = (statement: unknown, tables: TenantTables): readonly string[] => {
  const reader = new Reader(tables)
  reader.query(statement, { relations: [], parent: undefined, ctes: new Map() })
  return reader.unbound()
}

class Reader {
  readonly #tables: TenantTables
  readonly #equals = new Equals()
  readonly #uses: { readonly table: string; readonly column: string }[] = []
  #made = 0

  constructor(tables: TenantTables) {
    this.#tables = tables
  }

  unbound(): readonly string[] {
    return this.#uses.filter(({ column }) => this.#equals.of(column) !== parameter).map(({ table }) => table)
  }

  /** Reads a query and returns the name under which what it gives back is known. */
  query(node: unknown, outer: Scope): string {
    const [tag, fields] = isFields(node) ? (Object.entries(node)[0] ?? []) : []
    const output = this.#name()
    if (!isFields(fields)) return output
    const scope: Scope = { relations: [], parent: outer, ctes: this.#ctes(fields.withClause, outer) }
    switch (tag) {
      case 'SelectStmt':
        this.#select(fields, scope, output)
        break
      case 'InsertStmt':
        this.#insert(fields, scope)
        break
      case 'UpdateStmt':
        this.#use(fields.relation, scope)
        this.#from(fields.fromClause, scope)
        break
      case 'DeleteStmt':
        this.#use(fields.relation, scope)
        this.#from(fields.usingClause, scope)
        break
      default:
        this.#inside(fields, scope)
        return output
    }
    this.#conditions(fields.whereClause, scope)
    this.#outputs(tag === 'SelectStmt' ? fields.targetList : fields.returningClause, scope, output)
    for (const [name, part] of Object.entries(fields))
      if (!['withClause', 'fromClause', 'usingClause', 'larg', 'rarg', 'selectStmt'].includes(name))
        this.#inside(part, scope)
    return output
  }

  #select(fields: Fields, scope: Scope, output: string): void {
    for (const arm of [fields.larg, fields.rarg])
      if (isFields(arm)) {
        const given = this.query({ SelectStmt: arm }, scope)
        for (const column of tenantColumns) this.#equals.join(`${output}.${column}`, `${given}.${column}`)
      }
    this.#from(fields.fromClause, scope)
  }

  #insert(fields: Fields, scope: Scope): void {
    const target = this.#use(fields.relation, scope)
    const columns = listOf(fields.cols).map((column) => textOf(tagged(column, 'ResTarget')?.name))
    const place = columns.findIndex((column) => tenantColumns.has(column ?? ''))
    const source = tagged(fields.selectStmt, 'SelectStmt')
    if (!source) return
    const inner: Scope = { relations: [], parent: scope, ctes: this.#ctes(source.withClause, scope) }
    this.#from(source.fromClause, inner)
    this.#conditions(source.whereClause, inner)
    this.#inside([source.targetList, source.whereClause, source.valuesLists], inner)
    for (const [index, column] of columns.entries()) {
      if (index < place || !tenantColumns.has(column ?? '')) continue
      const rows = listOf(source.valuesLists).map((row) => listOf(tagged(row, 'List')?.items)[index])
      const values = rows.length > 0 ? rows : [tagged(listOf(source.targetList)[index], 'ResTarget')?.val]
      if (target !== undefined)
        for (const value of values) this.#equals.join(`${target}.${column}`, this.#value(value, inner))
    }
  }

  /** The queries inside an expression. */
  #inside(node: unknown, scope: Scope): void {
    if (Array.isArray(node)) for (const one of node) this.#inside(one, scope)
    if (!isFields(node)) return
    if ('SelectStmt' in node) this.query(node, scope)
    else for (const part of Object.values(node)) this.#inside(part, scope)
  }

  #ctes(clause: unknown, outer: Scope): ReadonlyMap<string, string> {
    const known = new Map(outer.ctes)
    if (!isFields(clause)) return known
    for (const one of listOf(clause.ctes)) {
      const cte = tagged(one, 'CommonTableExpr')
      const name = textOf(cte?.ctename)
      if (cte && name !== undefined) known.set(name, this.query(cte.ctequery, { ...outer, ctes: known }))
    }
    return known
  }

  #from(clause: unknown, scope: Scope): void {
    for (const item of listOf(clause)) this.#item(item, scope)
  }

  #item(item: unknown, scope: Scope): void {
    const table = tagged(item, 'RangeVar')
    if (table) this.#use(table, scope)
    const join = tagged(item, 'JoinExpr')
    if (join) this.#join(join, scope)
    const query = tagged(item, 'RangeSubselect')
    if (query) {
      const id = this.query(query.subquery, scope)
      this.#relation(scope, aliasOf(query), id)
      this.#values(query, id, scope)
    }
    const call = tagged(item, 'RangeFunction')
    if (call) {
      this.#inside(call, scope)
      const named = listOf(tagged({ alias: call.alias }, 'alias')?.colnames)
      const defined = listOf(call.coldeflist).map((one) => textOf(tagged(one, 'ColumnDef')?.colname) ?? '')
      this.#relation(scope, aliasOf(call), this.#name(), new Set([...namesOf(named), ...defined]))
    }
  }

  /** `(values ($1, x.id)) as p (store_id, payment_id)`: the columns are what was given. */
  #values({ subquery, alias }: Fields, id: string, scope: Scope): void {
    const columns = namesOf(isFields(alias) ? alias.colnames : undefined)
    for (const row of listOf(tagged(subquery, 'SelectStmt')?.valuesLists))
      for (const [index, value] of listOf(tagged(row, 'List')?.items).entries())
        this.#equals.join(`${id}.${columns[index] ?? ''}`, this.#value(value, scope))
  }

  #join(join: Fields, scope: Scope): void {
    const before = scope.relations.length
    this.#item(join.larg, scope)
    const left = scope.relations.slice(before)
    const middle = scope.relations.length
    this.#item(join.rarg, scope)
    const right = scope.relations.slice(middle)
    for (const column of namesOf(join.usingClause))
      for (const one of left)
        for (const other of right) this.#equals.join(`${one.id}.${column}`, `${other.id}.${column}`)
    this.#conditions(join.quals, scope)
    this.#inside(join.quals, scope)
  }

  /** Takes up a table or a CTE under its alias, and returns the name under which it is known here. */
  #use(node: unknown, scope: Scope): string | undefined {
    const table = isFields(node) ? node : {}
    const name = textOf(table.relname)
    if (name === undefined) return undefined
    const given = scope.ctes.get(name)
    if (given !== undefined) {
      this.#relation(scope, aliasOf(table) ?? name, given)
      return given
    }
    const id = this.#name()
    this.#relation(scope, aliasOf(table) ?? name, id)
    const column = this.#tables.get(name)
    if (column !== undefined) this.#uses.push({ table: name, column: `${id}.${column}` })
    return id
  }

  #relation(scope: Scope, alias: string | undefined, id: string, columns: Relation['columns'] = 'any'): void {
    scope.relations.push({ id, alias: alias ?? id, columns })
  }

  #conditions(condition: unknown, scope: Scope): void {
    for (const [one, other] of equalitiesOf(condition))
      this.#equals.join(this.#value(one, scope), this.#value(other, scope))
  }

  #outputs(targets: unknown, scope: Scope, output: string): void {
    const list = isFields(targets) ? listOf(targets.exprs) : listOf(targets)
    for (const one of list) {
      const target = tagged(one, 'ResTarget')
      const column = listOf(tagged(target?.val, 'ColumnRef')?.fields)
      const names = namesOf(column)
      // Of several relations with a tenant each, the first says whose the rows are.
      const starred = column.some((part) => tagged(part, 'A_Star'))
        ? scope.relations.find(({ alias }) => names.length === 0 || names[0] === alias)
        : undefined
      if (starred)
        for (const tenant of tenantColumns) this.#equals.join(`${output}.${tenant}`, `${starred.id}.${tenant}`)
      const name = textOf(target?.name) ?? names.at(-1)
      if (name !== undefined) this.#equals.join(`${output}.${name}`, this.#value(target?.val, scope))
    }
  }

  #value(node: unknown, scope: Scope): string | undefined {
    const cast = tagged(node, 'TypeCast')
    if (cast) return this.#value(cast.arg, scope)
    if (tagged(node, 'ParamRef')) return parameter
    const call = tagged(node, 'FuncCall')
    // Gives its first argument back, or fails.
    if (call && storeChecks.has(namesOf(call.funcname).at(-1) ?? '')) return this.#value(listOf(call.args)[0], scope)
    const names = namesOf(tagged(node, 'ColumnRef')?.fields)
    const column = names.at(-1)
    if (column === undefined) return undefined
    const relation = find(scope, names.length > 1 ? names.at(-2) : undefined, column)
    return relation === undefined ? undefined : `${relation.id}.${column}`
  }

  #name(): string {
    return `r${++this.#made}`
  }
}

const tenantColumns: ReadonlySet<string> = new Set(['store_id', 'merchant_id'])

const find = (scope: Scope | undefined, alias: string | undefined, column: string): Relation | undefined => {
  if (scope === undefined) return undefined
  const here = scope.relations.find(
    (relation) =>
      (alias === undefined || relation.alias === alias) &&
      (alias !== undefined || relation.columns === 'any' || relation.columns.has(column)),
  )
  return here ?? find(scope.parent, alias, column)
}

const aliasOf = (node: Fields): string | undefined => (isFields(node.alias) ? textOf(node.alias.aliasname) : undefined)

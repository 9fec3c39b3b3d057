export declare const programUnder: (packages: URL) => URL

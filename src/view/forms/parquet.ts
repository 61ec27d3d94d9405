import type {Format} from './format.js'

/** Parquet: `src/view/parquet` has its columns and writes its bytes, and is loaded only for it. */
export const parquetFormat: Format = {
  about: 'a Parquet file for DuckDB, Spark, Trino: one row a record, columns as in JSON; only with `read`',
  takes: ['bytes'],
  isData: true,
}

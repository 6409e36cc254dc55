"""Stands in for series.to_parts until it is there."""
# ruff: noqa
# mypy: ignore-errors


class TableWriter:
    def __init__(self, path):
        self.path = path
        self.writer = None

    def __enter__(self):
        return self

    def write(self, table):
        import pyarrow as pa
        import pyarrow.csv as pc
        import pyarrow.parquet as pq

        if self.writer is None:
            self.writer = (pq.ParquetWriter if self.path.suffix == ".parquet" else pc.CSVWriter)(
                self.path, table.schema
            )
        self.writer.write_table(table)

    def __exit__(self, *args):
        if self.writer:
            self.writer.close()

"""Forecast a table of Spark where it is: python spark_table.py; takes statecast[spark] and Java."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

import statecast as sc
from statecast.distributed import forecast_table
from statecast.series import Roles

RECEIPTS = Path(__file__).with_name("receipts.csv")


def main() -> None:
    """Bring receipts to days in Spark, forecast every shop, and look at the table that comes back."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.master("local[2]").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    receipts = spark.read.csv(f"file://{RECEIPTS}", header=True, inferSchema=True)
    daily = receipts.selectExpr("shop", "to_timestamp_ntz(date(time)) AS day", "amount").groupBy("shop", "day").sum()
    run = forecast_table(daily, sc.auto(), horizon=3, roles=Roles(id="shop", time="day", target="sum(amount)"))
    run.table.show()
    print(*run.notes, sep="\n")
    spark.stop()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()

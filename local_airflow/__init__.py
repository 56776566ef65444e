"""Airflow on this machine, with the project's DAG: for trying it out, and for the tests."""

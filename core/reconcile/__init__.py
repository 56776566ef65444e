"""Reconciliation: expected against actual, from the bucket to Bronze."""

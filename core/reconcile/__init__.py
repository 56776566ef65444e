"""Reconciliation: compare what should be in the bucket and in Bronze with what is."""

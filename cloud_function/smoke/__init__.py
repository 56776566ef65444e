"""A deployment held against Google itself, by `python scripts/smoke_cloud.py`."""

"""The emulated cloud: real servers that stand for Google's, for demonstrations and for tests.

`python -m local_cloud` starts all of it. Nothing of the product imports this package.
"""

"""The deployment: its steps as data, shown or run by `python -m cloud_function.deploy`."""

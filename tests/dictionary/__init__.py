"""The data dictionary, from the schemas, the SQL, and files and tables that it makes."""

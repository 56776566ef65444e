"""Google Cloud: its client libraries, made from the settings, and its errors in sentences."""

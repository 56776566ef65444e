"""Google Cloud: clients made from the settings, errors as sentences, and the functions' logs."""

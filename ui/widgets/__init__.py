"""Fields, cards, tables and dialogs that several pages use."""

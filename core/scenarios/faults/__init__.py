"""What each kind of fault does to a cell, a module for each stage."""

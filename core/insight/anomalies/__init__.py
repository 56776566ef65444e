"""What is wrong with sales that every rule about a row accepts: their volume and their content."""

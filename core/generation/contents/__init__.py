"""What an order contains: its kind, its size, its dishes, and the customer who comes back."""

"""What the panel's pages share: how a session boots, components, charts, theme and texts."""

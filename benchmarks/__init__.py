"""How fast the platform is, each figure beside a baseline measured in the same run."""

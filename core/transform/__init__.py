"""Silver, Gold and the aggregations, rebuilt from Bronze."""

"""What people and the schedule start: uploads, backfills, repairs, removals."""

"""What Jack costs, as ratios against the raw limit of the same machine in the same run (`make bench`)."""

"""Takes in: registers, numbers, protects the applicant's data, tells the citizen where it stands."""

"""A four-month career-change school: the month's best students, then internships and permanent jobs."""

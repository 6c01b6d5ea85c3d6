"""What KPIs start from: the program's settings as tables, seats, learning by day."""

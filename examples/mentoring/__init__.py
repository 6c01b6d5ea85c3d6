"""Mentoring classes of an AI bootcamp: four sessions, questions asked ahead and answered one by one."""

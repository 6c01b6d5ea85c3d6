"""The platform's courses and career tracks: 432 invented courses, 12 tracks of 90 to 100 hours.

Belongs here: what can be learned. Does not belong here: who learns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

LEVELS = ("Introduction to", "Intermediate", "Advanced")
TECHNOLOGIES = ("Python", "R", "SQL", "Spreadsheets", "Tableau", "Power BI", "Julia", "Scala")
TOPICS = (
    "Data Cleaning", "Data Visualization", "Statistics", "Regression", "Classification", "Clustering",
    "Time Series", "Text Mining", "Web Data", "Databases", "Reporting", "Experiments (A < B)",
    "Forecasting", "Feature Engineering", "Neural Networks", "Optimization", "Maps & Places", "Joins, Unions and Keys",
)  # fmt: skip
TRACKS = {
    "Data Analyst with Python": ("Python", 0),
    "Data Scientist with Python": ("Python", 3),
    "Machine Learning with Python": ("Python", 12),
    "Data Engineer with Python": ("Python", 8),
    "Data Analyst with R": ("R", 0),
    "Data Scientist with R": ("R", 4),
    "Statistician with R": ("R", 2),
    "Data Analyst with SQL": ("SQL", 9),
    "Data Engineer with SQL": ("SQL", 16),
    "Business Analyst with Spreadsheets": ("Spreadsheets", 10),
    "BI Analyst with Tableau": ("Tableau", 1),
    "BI Analyst with Power BI": ("Power BI", 10),
}
TRACK_HOURS = 90
EXERCISES_PER_HOUR = 9
VIDEO_XP, EXERCISE_XP = 50, 100


@dataclass(frozen=True)
class Course:
    """A course as the platform describes it."""

    id: int
    title: str
    technology: str
    topic: str
    hours: int

    @property
    def slug(self) -> str:
        """The title as an address has it."""
        return "-".join("".join(c if c.isalnum() else " " for c in self.title.lower()).split())

    @property
    def exercises(self) -> int:
        """How many exercises it has."""
        return self.hours * EXERCISES_PER_HOUR

    def exercise_id(self, number: int) -> int:
        """The id of its exercise, counted from 0."""
        return self.id * 1000 + number

    def exercise_xp(self, number: int) -> int:
        """What the exercise is worth without hints; every third is a video."""
        return VIDEO_XP if number % 3 == 0 else EXERCISE_XP

    @property
    def xp(self) -> int:
        """What the whole course is worth."""
        return sum(self.exercise_xp(number) for number in range(self.exercises))


@cache
def courses() -> tuple[Course, ...]:
    """The whole catalog, by technology, level and topic."""
    titles = [
        (technology, topic, f"{level} {topic} in {technology}")
        for technology in TECHNOLOGIES
        for level in LEVELS
        for topic in TOPICS
    ]
    return tuple(
        Course(2001 + n, title, technology, topic, 2 + (n * 7 + n // 18) % 5)
        for n, (technology, topic, title) in enumerate(titles)
    )


@cache
def track_courses(track: str) -> tuple[Course, ...]:
    """A track's courses in order: each level from the track's own first topic on, up to 90 hours or a bit more."""
    technology, first_topic = TRACKS[track]
    own = [course for course in courses() if course.technology == technology]
    by_level = [own[n : n + len(TOPICS)] for n in range(0, len(own), len(TOPICS))]
    chosen: list[Course] = []
    for level, number in ((by_level[0], 10), (by_level[1], 10), (by_level[2], len(TOPICS))):
        for course in (level[first_topic:] + level[:first_topic])[:number]:
            if sum(c.hours for c in chosen) < TRACK_HOURS:
                chosen.append(course)
    return tuple(chosen)


def rows() -> list[tuple[str, str, object, str, str, int]]:
    """The canonical catalog: course, track, position, title, provider, hours; courses of no track last."""
    placed = [
        (course.title, track, position, course.title, "DataCamp", course.hours)
        for track in TRACKS
        for position, course in enumerate(track_courses(track), 1)
    ]
    in_tracks = {course for course, *_ in placed}
    loose = [(c.title, "", "", c.title, "DataCamp", c.hours) for c in courses() if c.title not in in_tracks]
    return [*placed, *loose]

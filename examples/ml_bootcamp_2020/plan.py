"""What happens in the example, in figures: dates, how many at each step, who teaches and hires.

Belongs here: constants that tests repeat by hand. Does not belong here: persons. Instants are naive and of Seoul
everywhere in this example until a file is written.
"""

from __future__ import annotations

from datetime import date, timedelta

from examples.coursera import Course

SEED = "ml bootcamp 2020"
COHORT = "2020"
PROGRAM = "ML Bootcamp 2020"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)

# Applications: as many on every day and by every channel, and of each day and channel as many who get on.
APPLIED_FROM, APPLIED_DAYS = date(2020, 8, 17), 20
CHANNELS = ("블로그", "페이스북", "개발자 커뮤니티", "학교 게시판", "지인 추천")
CELL = 30
QUIZ_TAKERS, QUIZ_PASSED = 24, 6
QUIZ_ON, QUIZ_RESULTS_ON, QUIZ_MINIMUM = date(2020, 9, 12), date(2020, 9, 14), 70
DOCUMENTS_ON = (date(2020, 9, 21), date(2020, 9, 28))
ACCEPTED_ON = date(2020, 10, 6)
SENT_TWICE = 12

# Thirteen weeks, from Monday to Sunday.
STARTS_ON, ENDS_ON, WEEKS = date(2020, 10, 12), date(2021, 1, 10), 13
ENROLLED_ON = date(2020, 10, 8)
SPECIALIZATION = "Deep Learning in Five Courses"
COURSES = (
    Course("Neural Networks from Scratch", 24),
    Course("Training Deep Networks", 23),
    Course("Structuring Learning Projects", 6),
    Course("Networks That See", 35),
    Course("Networks for Sequences", 37),
)
STEADY, SLOW, LATE = [12.0] * 11, [6.0] * 4 + [14.5] * 7, [11.0] * 11 + [4.0]
PACES = ((90, STEADY), (60, SLOW), (5, LATE), (15, [10.0] * 2), (15, [10.0] * 5), (15, [10.0] * 8))
"""How many members study how many hours in each week; those with fewer than eleven weeks gave up."""
SPECIALIZATION_DUE = date(2020, 12, 27)
LATER_EXPORTS = (date(2021, 2, 1), date(2021, 4, 1), date(2021, 7, 1))

# One of two certificates, by the end; of those who finished the specialization in time.
CERTIFICATES = ("Deep Learning Developer", "Cloud Machine Learning Engineer")
CERTIFIED_ON = (
    *[date(2020, 12, 28)] * 20,
    *[date(2021, 1, 4)] * 101,
    *[date(2021, 1, 7)] * 16,
    ENDS_ON,
    *[date(2021, 1, 11)] * 2,
)
EXCUSED = ("b050", "b150")
BOTH_CERTIFICATES = 10

# Afterwards.
ORGANIZER = "주최사"
PARTNERS = ("가온랩", "나루테크", "다온소프트", "라온데이터", "마루비전", "바른음성",
            "새별게임즈", "아람모빌리티", "자람헬스", "차오름핀테크", "한결커머스", "해솔로보틱스")  # fmt: skip
HIRED_BY_NAMED, HIRED_BY_OTHERS, NAMED = 8, 2, 6
SEEKING, SEEKING_OTHERS = 70, 20
HIRED_ON = (*[date(2021, 2, 1)] * 12, *[date(2021, 3, 2)] * 40, *[date(2021, 4, 1)] * 8)
HIRED_WITHOUT_COMPLETING = 2

# The community.
CAREER_ATTENDANCE = (160, 150, 140, 130, 120, 110, 110, 100, 100, 90, 90, 80, 110)
CLINIC_WEEKS, CLINIC_CAPACITY = (9, 10, 11, 12, 13), 10
QUESTIONS = {"질문": (104, 20, 6), "커리어": (3, 20, 3)}
"""By channel: answered by members, by the operators, by nobody."""
MEMBERS_HOURS, OPERATORS_HOURS = 2, 5


def monday(week: int) -> date:
    """The first day of a week, the first being 1."""
    return STARTS_ON + (week - 1) * WEEK

"""What each of the 56 did, and what exports said of it before they were corrected.

Belongs here: seats, learning, completions, certificates, meetings, answers, as tables for the eye. Does not belong
here: who they are (``people``), how exports write it (``home``, ``forms``).
"""

from __future__ import annotations

STRANGER = "guest@nowhere.example"
"""Holds a seat and learns, and is nobody of the roster."""

CAPACITIES = [("datacamp", "09-01", 24), ("datacamp", "01-01", 30), ("coursera", "11-01", 12)]

SEATS = """\
# invitations go out at 09:00, anything else happens at 14:00, unless a line says when
p01 datacamp inv 09-02 acc 09-02
p02 datacamp inv 09-02 acc 09-03 inv 10-01
p03 datacamp inv 09-02 acc 09-05
p04 datacamp inv 09-02 acc 09-30@23:50
p05 datacamp inv 09-02 acc 10-01@00:10
p06 datacamp inv 09-02 inv 09-16 acc 09-18
p07 datacamp acc 09-04
p08 datacamp inv 09-02 acc 09-03 ret 11-20
p09 datacamp inv 09-02 acc 09-03 rec 11-04
p10 datacamp inv 09-02 dec 09-06
p11 datacamp inv 09-02 exp 10-02 inv 10-07 acc 10-09
p12 datacamp inv 09-02 acc 09-04
p13 datacamp inv 09-02 acc 09-03
p14 datacamp inv 09-02 wit 09-10 inv 11-11 acc 11-12
p15 datacamp inv 09-02 acc 09-10 rec 11-04 inv 12-02 acc 12-03
p16 datacamp inv 09-02 acc 09-08
p17 datacamp inv 09-02 acc 09-12
p18 datacamp inv 09-02 acc 09-13
p19 datacamp inv 09-02 acc 09-14 ret 12-10
p20 datacamp inv 09-09 acc 09-10
p21 datacamp inv 09-09 acc 09-09
p22 datacamp inv 09-09 acc 09-20
p23 datacamp inv 09-09 exp 10-09
p24 datacamp inv 09-09 acc 09-11
p20 coursera inv 11-04 acc 11-05
p21 coursera inv 11-04 acc 11-06
p22 coursera inv 11-04 dec 11-08
p25 coursera inv 11-04 acc 11-04
p26 coursera inv 11-04 acc 11-30
p27 coursera inv 11-04 acc 12-01
p28 coursera inv 11-04 acc 11-07 rec 12-04
p29 coursera inv 11-04
p30 coursera inv 11-04 acc 11-10 ret 01-15
p31 datacamp inv 01-06 acc 01-07
p32 datacamp inv 01-06 acc 01-08
p33 datacamp inv 01-06 acc 01-06 rec 02-10
p34 datacamp inv 01-06 acc 01-31@23:59
p35 datacamp inv 01-06 acc 01-10
p36 datacamp inv 01-06 acc 02-08
p37 datacamp inv 01-06 acc 02-15
p38 datacamp inv 01-06 acc 01-09 ret 02-20
p39 datacamp inv 01-06 acc 01-20
p40 datacamp inv 02-11 acc 03-15
p53 datacamp inv 01-20 acc 02-01@00:00
p54 datacamp inv 02-03 acc 03-22
p41 coursera inv 02-11 acc 02-12
p42 coursera inv 03-03 acc 03-04
p43 coursera inv 01-13
p44 coursera inv 01-13 wit 03-21
p46 datacamp ret 02-01
p47 datacamp acc 09-02
p48 datacamp inv 09-02 acc 09-03
guest@nowhere.example datacamp inv 09-02 acc 09-03
"""

SEATS_TOO_MANY = """\
p06 datacamp rec 10-14
p12 datacamp ret 12-20
p29 coursera acc 12-02
p39 datacamp acc 01-12
"""
"""Lines of the first version of the seat log that its correction has no longer."""

SEATS_MISSING = """\
p39 datacamp acc 01-20
p41 coursera acc 02-12
"""
"""Lines that the first version lacked."""

MONTHS = ("09", "10", "11", "12", "01", "02", "03")
COURSE_OF = dict(zip(MONTHS, ("Python", "Python", "SQL", "SQL", "Statistics", "Statistics", "Statistics"), strict=True))
HABITS = {
    # days of the month, hour, times at that moment, course ("*": that of the month), minutes
    "steady": ((1, 5, 9, 13, 17, 21, 25, 29), "20:15", 1, "*", "30"),
    "odd": ((3, 7, 11, 15, 19, 23, 27), "07:40", 1, "*", "45.5"),
    "night": ((1, 8, 15, 22, 28), "00:20", 1, "통계 입문", ""),
    "burst": ((2, 3, 4), "12:00", 2, "SQL, advanced", ""),
    "late": ((26, 28, 30), "23:45", 1, "Dashboards", ""),
    "once": ((14,), "18:00", 1, "", ""),
}
LEARNING = """\
# XP each time, by month from September to March; "-": nothing that month; a month has the days of a habit that it has
p01 steady   125    125    125    125    125    142.9  125
p02 steady   124.5  124.5  125    124    124    150    100
p03 odd      143    143    143    142    150    150    150
p04 night    200    200    200    200    200    199    200
p05 burst    -      166.5  167    166.5  167    166.5  167
p06 late     300    334    333    334    333    500    -
p07 once     1000   999    1000   999    1000   999    1000
p08 steady   100    100    100    100    -      -      -
p09 steady   20     -      10     -      -      -      -
p10 odd      10     10     -      -      -      -      -
p11 odd      -      50     -      100    150    150    150
p12 night    100    100    -      -      40     -      10
p13 burst    50     50     50     50     50     50     -
p14 late     -      -      400    400    400    -      -
p15 once     0      -      -      500    -      -      500
p16 steady   50     -      -      50     50     50     50
p17 odd      40     40     -      40     40     40     -
p18 night    60     60     60     60     60     59     60
p19 burst    20     20     20     20     20     -      -
p20 late     100    -      100    100    100    100    -
p21 steady   0      0      0      0      40     40     40
p22 odd      30     30     30     -      -      -      -
p23 steady   10     -      -      -      -      -      -
p24 night    80     80     -      80     80     -      80
p25 steady   -      -      125    125    125    125    125
p26 odd      -      40     40     200    200    -      200
p27 late     -      -      -      400    300    400    -
p28 steady   30     30     30     -      -      -      -
p29 once     50     50     -      50     -      50     -
p30 odd      20     -      20     20     20     -      -
p31 steady   -      -      -      -      150    150    150
p32 odd      -      -      -      -      -      50     50
p33 night    -      -      -      -      10     -      -
p34 steady   -      -      -      -      60     140    140
p35 odd      -      -      -      -      40     40     40
p36 late     -      -      -      -      -      100    -
p37 burst    -      -      -      -      -      10     20
p38 once     -      -      -      -      20     20     -
p39 steady   -      -      -      -      15     40     40
p40 odd      -      -      -      -      -      80     80
p41 night    -      -      -      -      -      110    110
p42 burst    -      -      -      -      -      -      30
p43 steady   -      -      -      -      20     -      20
p44 once     -      -      -      -      -      -      -
p45 late     -      -      -      -      100    100    -
p47 steady   10     10     10     10     10     10     10
p48 once     5      -      5      -      5      -      5
p49 odd      -      -      -      -      -      5      5
p50 odd      -      5      5      -      -      -      -
p52 once     1      1      1      1      1      1      1
p53 steady   30     30     -      -      30     50     50
p54 night    100    100    100    100    100    100    100
p55 odd      -      -      -      -      -      -      70
p56 steady   500    500    500    500    500    500    500
guest@nowhere.example odd 70 70 70 70 70 70 70
"""

LEARNING_BESIDE = """\
# who, when, course, XP: on the day of acceptance, before it; on the last day of an export, the first of a month
p12 11-30@23:59 SQL          7
p24 12-01@00:00 SQL          3
p39 01-20@08:00 Statistics   5
p40 03-15@23:30 Statistics   0
p22 03-20@23:59 Statistics   11
p22 03-21@00:00 Statistics   13
"""

LEARNING_TOO_MANY = """\
p17 11-12@21:00 SQL 30
p24 11-13@21:00 SQL 30
p24 11-14@21:00 SQL 40
"""
"""Lines of November's first export that its correction has no longer."""

LEARNING_WRONG = [("p03", "11-15@07:40", "133"), ("p25", "11-13@20:15", "120")]
"""XP that November's first export gave instead."""

RESTATED = [("p03", "10-03@07:40", "100"), ("p11", "12-03@07:40", "1"), ("p31", "02-01@20:15", "1500")]
"""XP that the export of the month before gave of a day that both have: the later export decides."""

COMPLETED = """\
# course, day, start where the platform knows it: who
Python     10-20 09-01: p01 p02 p03 p04
Python     10-31@23:59 -: p06 p16 p17
Python     11-01@00:00 -: p07
Python     11-08 -: p13
Python     09-15 09-10: p08 p18 p19 p20 p21 p24
Python     10-25 -: p11 p28 p53 p29 p30 p25 p47
Python     01-10 -: p01
SQL        12-20 11-04: p01 p02 p03 p18
SQL        01-31 -: p04 p06 p12 p21 p24
SQL        01-05 -: p26 p27 p14
SQL        02-03 -: p13
Statistics 02-27 -: p31 p34
Statistics 03-10 02-12: p35
Statistics 03-25 -: p39
Git        12-01 -: p01 p02 p03 p05
Excel      12-05 11-20: p01
Excel      12-06 -: p04 p06
Excel      12-07 12-08: p07
"""

CATALOG = [
    # course, track, hours
    ("Python", "analyst", 4),
    ("Python", "engineer", 4),
    ("SQL", "analyst", 6),
    ("SQL", "engineer", 6),
    ("Statistics", "analyst", 10),
    ("Dashboards", "engineer", 2.5),
    ("통계 입문", None, 3),
]

CERTIFIED = [("p16", "Associate", "12-10"), ("p18", "Associate", "12-15"), ("p21", "Associate", "12-16")]

MISSIONS = """\
# cohort, mission, due, alternative, requirement, target, threshold, mandatory
fall   first    10-31  only  course         Python      -     -
fall   second   12-15  A     xp             -           2000  yes
fall   second   12-15  B     certification  Associate   -     yes
fall   clinics  12-31  only  attendance     clinic      2     no
fall   third    01-31  only  course         Python|SQL  -     yes
spring begin    02-28  only  xp             -           500   yes
spring learn    03-31  only  course         Statistics  -     yes
"""

EXCUSED = [("p12", "first", None), ("p13", "first", "11-10")]
"""Excused, or due later."""

SESSIONS = """\
# session, kind, start, minutes, who attended (with a rating), who only registered
c1 clinic          09-25@19:00 90: p01/5 p02/4 p03 p16 p47 / p05
c2 clinic          10-23@19:00 90: p01/5 p04/3 p18 p21 p52 / p10 p11
c3 clinic          11-20@19:00 90: p01/4 p02 p08/2 p24 guest@nowhere.example /
c4 clinic          12-18@19:00 90: p06/5 p16/4 p18/3 / p01
c5 clinic          01-22@19:00 90: p31/5 p32/4 p53 p04 /
c6 clinic          02-19@19:00 90: p31/4 p34/5 p38 p49 p55 p46 /
c7 clinic          03-19@19:00 90: p31/3 p42 /
c8 clinic          03-21@19:00 90: p31 p32 /
b1 builder_meeting 10-02@20:00 60: p47 p48 p52 /
b2 builder_meeting 11-06@20:00 60: p48 p50 /
b3 builder_meeting 02-05@20:00 60: p47 p49 p01 /
"""
"""The builders' meetings were held on Zoom by the mentor p51, the host."""

HOST = "p51"

MIDTERM = [
    # who, when, whether the program fits: the form was open in the fall cohort alone
    ("p01", "11-18@09:00:00", "예"),
    ("p02", "11-18@12:00:00", "예"),
    ("p03", "11-18@12:30:10", "아니오"),
    ("p08", "11-19@23:59:59", "예"),
    ("p14", "11-20@00:00:00", "예"),
    ("p16", "11-21@13:05:09", "아니오"),
    ("p19", "11-21@13:05:09", "예"),
    ("p47", "11-22@10:00:00", "예"),
    ("p02", "11-23@10:00:00", "아니오"),
    (None, "11-23@11:00:00", "예"),
    (STRANGER, "11-24@11:00:00", "아니오"),
    ("p31", "11-25@08:00:00", "예"),
]
LIKED = {
    "a": "강의, 실습",
    "b": "강의",
    "c": "함께 공부하는 분위기",
    "d": "무료 이용권",
}
FINAL = """\
# who, when, satisfaction (1-5), would recommend (0-10), helped, liked (a to d); "-": not answered
p01  03-04@14:03:11  5  10  yes  ac
p02  03-04@00:05:09  4  9   yes  b
p04  03-04@12:00:00  4  8   yes  d
p16  03-05@09:00:00  3  6   no   -
p18  03-05@09:00:01  5  9   yes  abcd
p31  03-05@23:59:59  5  10  yes  ab
p32  03-06@10:10:10  2  0   no   d
p34  03-06@11:00:00  -  7   yes  cd
p35  03-06@11:30:00  3  -   no   a
p38  03-07@11:30:00  1  2   no   d
p39  03-07@18:00:00  4  7   -    c
p53  03-08@07:00:00  5  10  yes  ad
p47  03-08@08:00:00  5  10  yes  abc
p52  03-08@09:00:00  5  10  yes  c
p31  03-09@20:00:00  4  8   yes  c
-    03-09@21:00:00  1  5   no   b
guest@nowhere.example 03-09@22:00:00 1 1 no b
p41  03-10@12:00:00  4  9   yes  c
p55  03-22@12:00:00  5  10  yes  a
"""
FINAL_OPEN = ("03-03", "03-10")

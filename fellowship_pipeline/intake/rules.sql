-- The forms a value may have, as macros: each gives the typed value, or NULL where the text has another form.

-- trimmed of white space of every script, zero-width spaces and byte order marks; NULL where nothing is left. Text that
-- begins and ends with visible ASCII has nothing to trim, and is most text.
create or replace temp macro cell(value) as
    case
        when value between '!' and '~' and array_extract(value, -1) between '!' and '~' then value
        else
            nullif(
                regexp_replace(
                    value,
                    '^[\s\v\x{1c}-\x{1f}\x{85}\pZ\x{200b}\x{2060}\x{feff}]+|[\s\v\x{1c}-\x{1f}\x{85}\pZ\x{200b}\x{2060}\x{feff}]+$',
                    '',
                    'g'
                ),
                ''
            )
    end;

-- full-width characters of addresses as ASCII, nothing invisible inside
create or replace temp macro narrow_form(value) as
    translate(
        regexp_replace(value, '[\x{ad}\x{200b}-\x{200d}\x{2060}\x{feff}]', '', 'g'),
        '＠．－＿＋０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
        '@.-_+0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    );

-- case-folded, the two letters that lower() leaves apart included
create or replace temp macro email_form(value) as
    nfc_normalize(replace(replace(lower(nfc_normalize(narrow_form(value))), 'ß', 'ss'), 'ς', 'σ'));

-- a name as it is compared where it is nobody's: an address as addresses are, other names composed
create or replace temp macro name_form(value) as
    case when contains(narrow_form(value), '@') then email_form(value) else nfc_normalize(value) end;

create or replace temp macro number_form(value) as
    regexp_full_match(value, '[+-]?(\d+\.?\d*|\.\d+)');

create or replace temp macro integer_form(value) as
    regexp_full_match(value, '[+-]?\d+(\.0*)?');

create or replace temp macro instant_form(value) as
    regexp_full_match(
        value,
        '\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d{1,6})?)?( ?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?)?'
    );

create or replace temp macro has_offset(value) as
    regexp_matches(value, '(Z|[+-]\d{2}:\d{2})$');

create or replace temp macro utc_instant(wall_clock, zone) as
    timezone('UTC', timezone(zone, wall_clock));

create or replace temp macro local_day(instant, zone) as
    cast(timezone(zone, timezone('UTC', instant)) as date);

-- years 1 to 9999, as dates have elsewhere
create or replace temp macro in_range(instant) as
    case
        when instant between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999' then instant
    end;

-- the form that most exports have, told without a regular expression: what the cast would be lenient in is left out
create or replace temp macro is_plain_utc(value) as
    value like '____-__-__T__:__:__Z'
    and value >= '0001'
    and substr(value, 12, 2) < '24'
    and not contains(value, ' ')
    and not contains(value, '.');

create or replace temp macro as_instant(value, zone) as
    case
        when is_plain_utc(value) then try_cast(value as timestamp)
        when not instant_form(value) then null
        when has_offset(value)
            then in_range(timezone('UTC', try_cast(regexp_replace(value, ' ([Z+-])', '\1') as timestamptz)))
        else in_range(utc_instant(try_cast(value as timestamp), zone))
    end;

create or replace temp macro wall_clock(instant, zone) as
    timezone(zone, timezone('UTC', instant));

-- whether clocks show this time twice, or never, when they are turned back or forward by an hour or half of one; on a day
-- around which they are not turned nothing more is asked
create or replace temp macro is_turned(wall, zone) as
    case
        when utc_instant(wall + interval 1 day, zone) = utc_instant(wall - interval 1 day, zone) + interval 2 day
            then false
        else
            wall_clock(utc_instant(wall, zone), zone) <> wall
            or wall_clock(utc_instant(wall, zone) - interval 1 hour, zone) = wall
            or wall_clock(utc_instant(wall, zone) + interval 1 hour, zone) = wall
            or wall_clock(utc_instant(wall, zone) - interval 30 minute, zone) = wall
            or wall_clock(utc_instant(wall, zone) + interval 30 minute, zone) = wall
    end;

-- whether a text without an offset could be another instant; a bare date is none
create or replace temp macro is_unsure(value, zone) as
    case
        when value is null or is_plain_utc(value) or length(value) <= 10 then false
        when has_offset(value) or not instant_form(value) then false
        else coalesce(is_turned(try_cast(value as timestamp), zone), false)
    end;

-- the second in which a system's clock has 0, in the zone of whoever wrote it
create or replace temp macro is_epoch(value) as
    left(value, 10) in ('1970-01-01', '1969-12-31');

create or replace temp macro as_deadline(value, zone) as
    case
        when length(value) = 10 and instant_form(value)
            then in_range(
                utc_instant(try_cast(value as timestamp) + interval 1 day - interval 1 microsecond, zone)
            )
        else as_instant(value, zone)
    end;

create or replace temp macro as_day(value, zone, program_zone) as
    case
        when length(value) = 10 and instant_form(value)
            then cast(in_range(try_cast(value as timestamp)) as date)
        else local_day(as_instant(value, zone), program_zone)
    end;

-- whole numbers, most of all, are told by being what their number is written as
create or replace temp macro as_decimal(value) as
    case
        when cast(try_cast(value as ubigint) as varchar) = value
            then try_cast(try_cast(value as ubigint) as decimal(28, 10))
        when number_form(value) then try_cast(value as decimal(28, 10))
    end;

create or replace temp macro as_double(value) as
    case when number_form(value) and isfinite(try_cast(value as double)) then try_cast(value as double) end;

create or replace temp macro as_integer(value) as
    case when integer_form(value) then try_cast(value as bigint) end;

create or replace temp macro as_boolean(value) as
    case
        when lower(value) in ('true', 'yes', '1') then true
        when lower(value) in ('false', 'no', '0') then false
    end;

-- the word of a vocabulary, in whatever case it is written
create or replace temp macro known_word(value, words) as
    list_filter(words, lambda word: lower(word) = lower(value))[1];

-- the word that was most likely meant, to be said after what is wrong; '' where none is near
create or replace temp macro nearest_word(value, words) as
    coalesce(
        list_reverse_sort(
            list_filter(
                list_transform(
                    words,
                    lambda word: {
                        'likeness': jaro_winkler_similarity(lower(value), lower(word)),
                        'said': ' (nearest: ' || word || ')'
                    }
                ),
                lambda near: near.likeness >= 0.85
            )
        )[1].said,
        ''
    );

create or replace temp macro is_email(value) as
    regexp_full_match(replace(value, '＠', '@'), '[^@\s,;<>()"]+@[^@\s,;<>()"]+\.[^@\s,;<>()"]+');

create or replace temp macro several_emails(value) as
    value like '%@%@%'
    or (strlen(value) > length(value) and replace(value, '＠', '@') like '%@%@%');

-- what a spreadsheet program leaves where a value was; both begin before ':', as few texts do
create or replace temp macro is_cell_error(value) as
    value < '$'
    and regexp_full_match(
        value, '#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA)'
    );

-- as spreadsheet programs write it, with a point or a sign: 4e528674 is an id
create or replace temp macro has_exponent(value) as
    value < ':' and regexp_full_match(value, '[+-]?[0-9]([.,][0-9]+[eE]\+?|[eE]\+)[0-9]+');

-- times in and out in UTC, none out before it is in; one that is open has no time out
create or replace temp macro as_plain_utc(value) as
    case when is_plain_utc(value) then try_cast(value as timestamp) end;

create or replace temp macro is_stay(value) as
    length(value) <= 41
    and as_plain_utc(split_part(value, '/', 1))
    <= as_plain_utc(coalesce(nullif(split_part(value, '/', 2), ''), split_part(value, '/', 1)));

create or replace temp macro are_stays(value) as
    list_bool_and(list_transform(string_split(value, '|'), lambda stay: coalesce(is_stay(stay), false)));

-- The forms a value may have, as macros: each gives the typed value, or NULL where the text has another form.

-- trimmed of white space of every script, zero-width spaces and byte order marks; NULL where nothing is left
create or replace temp macro cell(value) as
    nullif(
        regexp_replace(
            value,
            '^[\s\v\x{1c}-\x{1f}\x{85}\pZ\x{200b}\x{2060}\x{feff}]+|[\s\v\x{1c}-\x{1f}\x{85}\pZ\x{200b}\x{2060}\x{feff}]+$',
            '',
            'g'
        ),
        ''
    );

-- case-folded, the two letters that lower() leaves apart included
create or replace temp macro email_form(value) as
    nfc_normalize(replace(replace(lower(nfc_normalize(value)), 'ß', 'ss'), 'ς', 'σ'));

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

create or replace temp macro as_instant(value, zone) as
    in_range(
        case
            when not instant_form(value) then null
            when has_offset(value)
                then timezone('UTC', try_cast(regexp_replace(value, ' ([Z+-])', '\1') as timestamptz))
            else utc_instant(try_cast(value as timestamp), zone)
        end
    );

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

create or replace temp macro as_decimal(value) as
    case when number_form(value) then try_cast(value as decimal(28, 10)) end;

create or replace temp macro as_double(value) as
    case when number_form(value) and isfinite(try_cast(value as double)) then try_cast(value as double) end;

create or replace temp macro as_integer(value) as
    case when integer_form(value) then try_cast(value as bigint) end;

create or replace temp macro as_boolean(value) as
    case
        when lower(value) in ('true', 'yes', '1') then true
        when lower(value) in ('false', 'no', '0') then false
    end;

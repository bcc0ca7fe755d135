/* Prints one line for each event of an iCalendar file: UID, start, end, summary, status, split by tabs.
 * UID and summary are hexadecimal UTF-8; times are UTC as YYYY-MM-DDTHH:MM:SSZ, days as YYYY-MM-DD.
 * Exit status 1 and the reason on standard error when libical finds any fault in the file, however small.
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t used = 0, size = 0;

    if (!file)
        return NULL;
    do {
        size += 1 << 16;
        text = realloc(text, size + 1);
        if (!text)
            return NULL;
        used += fread(text + used, 1, size - used, file);
    } while (used == size);
    text[used] = '\0';
    return fclose(file) ? NULL : text;
}

static int count_faults(icalcomponent *component)
{
    icalproperty *fault;
    icalcomponent *part;
    int count = 0;

    for (fault = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY); fault;
         fault = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        fprintf(stderr, "%s\n", icalproperty_get_xlicerror(fault));
        count++;
    }
    for (part = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); part;
         part = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        count += count_faults(part);
    return count;
}

static void print_hexadecimal(const char *text)
{
    for (; text && *text; text++)
        printf("%02x", (unsigned char)*text);
}

static void print_time(struct icaltimetype time)
{
    if (!icaltime_is_date(time))
        time = icaltime_convert_to_zone(time, icaltimezone_get_utc_timezone());
    printf("\t%04d-%02d-%02d", time.year, time.month, time.day);
    if (!icaltime_is_date(time))
        printf("T%02d:%02d:%02dZ", time.hour, time.minute, time.second);
}

static void print_event(icalcomponent *event)
{
    print_hexadecimal(icalcomponent_get_uid(event));
    print_time(icalcomponent_get_dtstart(event));
    print_time(icalcomponent_get_dtend(event));
    printf("\t");
    print_hexadecimal(icalcomponent_get_summary(event));
    printf("\t%s\n", icalproperty_status_to_string(icalcomponent_get_status(event)));
}

int main(int count, char **arguments)
{
    icalcomponent *calendar, *event;
    int restricted;
    char *text = count == 2 ? read_file(arguments[1]) : NULL;

    if (!text) {
        fprintf(stderr, "usage: libical_table FILE\n");
        return 2;
    }
    icalerror_set_errors_are_fatal(0);
    calendar = icalparser_parse_string(text);
    if (!calendar) {
        fprintf(stderr, "not a calendar\n");
        return 1;
    }
    restricted = icalrestriction_check(calendar);
    if (count_faults(calendar) || icalcomponent_count_errors(calendar) || !restricted) {
        fprintf(stderr, "libical finds fault with the calendar\n");
        return 1;
    }
    for (event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        print_event(event);
    return 0;
}

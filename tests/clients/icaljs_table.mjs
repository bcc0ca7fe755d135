// Prints the events of an iCalendar file, as ical.js reads them, as JSON: [uid, start, end, summary, status].
// node icaljs_table.mjs MODULE FILE, where MODULE is the path of ical.js. Times are UTC, days have no time.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modulePath, calendarPath] = process.argv.slice(2);
const { default: ICAL } = await import(pathToFileURL(modulePath));

const calendar = new ICAL.Component(ICAL.parse(readFileSync(calendarPath, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

function iso(time) {
  return time.isDate ? time.toString() : time.toJSDate().toISOString().replace(".000Z", "Z");
}

function row(component) {
  const event = new ICAL.Event(component);
  const status = component.getFirstPropertyValue("status");
  return [event.uid, iso(event.startDate), iso(event.endDate), event.summary ?? "", status];
}

console.log(JSON.stringify(calendar.getAllSubcomponents("vevent").map(row)));

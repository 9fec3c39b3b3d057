-- A schedule that waits is listed by the time it is planned for, as PortOne documents; it was by the time it was made.
update payment_schedules set status_time = time_to_pay where status = 'SCHEDULED';

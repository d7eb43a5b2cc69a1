/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_TYPE_EFFECTIVE_DATE (iss_effective_date_get_type ())

/* When something takes effect: the instant, what was typed for it, and the zone it was typed
 * in. Immutable and safe to share between threads. */
typedef struct _IssEffectiveDate IssEffectiveDate;

GType              iss_effective_date_get_type    (void);

IssEffectiveDate  *iss_effective_date_parse       (const char        *typed,
                                                   GTimeZone         *zone,
                                                   GPtrArray        **out_choices,
                                                   GError           **error)
                                                   G_GNUC_WARN_UNUSED_RESULT;
IssEffectiveDate  *iss_effective_date_new         (gint64             instant,
                                                   GTimeZone         *zone)
                                                   G_GNUC_WARN_UNUSED_RESULT;

IssEffectiveDate  *iss_effective_date_ref         (IssEffectiveDate  *self);
void               iss_effective_date_unref       (IssEffectiveDate  *self);

/* seconds since 1970, UTC */
gint64             iss_effective_date_get_instant (IssEffectiveDate  *self);
const char        *iss_effective_date_get_typed   (IssEffectiveDate  *self);   /* as it was typed */
const char        *iss_effective_date_get_zone    (IssEffectiveDate  *self);   /* Europe/Berlin */
/* 1 July 2027, 00:00 (UTC+2) */
char              *iss_effective_date_dup_echo    (IssEffectiveDate  *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* 2027-07-01T00:00+02:00 */
char              *iss_effective_date_dup_iso     (IssEffectiveDate  *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssEffectiveDate, iss_effective_date_unref)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/enrolment-doubt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/time-text.h"

/* Both "ssh-ed25519 SHA256:…", but not "ssh-ed25519" twice: a host has a key of each kind. */
static gboolean
differ_in_kind (const char *one,
                const char *other)
{
  const gsize length = strcspn (one, " ");

  return one[length] != '\0' && strchr (other, ' ') != NULL &&
         (strcspn (other, " ") != length || strncmp (one, other, length) != 0);
}

/**
 * iss_enrolment_doubt_new:
 * @before: the record of a server
 * @now: what its record would be now
 *
 * Returns: (transfer full): that it is seen under another host key
 */
IssEnrolmentDoubt *
iss_enrolment_doubt_new (const IssEnrolment *before,
                         const IssEnrolment *now)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  IssEnrolmentDoubt *self;

  g_return_val_if_fail (before != NULL && now != NULL, NULL);

  self = g_new0 (IssEnrolmentDoubt, 1);
  self->host_key = g_strdup (now->host_key);
  self->now = iss_enrolment_dup_seen (now);
  self->before = iss_enrolment_dup_seen (before);
  self->when = iss_time_text_date (before->at, zone);
  self->why = g_strdup (differ_in_kind (before->host_key, now->host_key)
    ? _("Either ssh has asked for another kind of key than then, of which a server has one each, "
        "or this is another server")
    : _("Either it was set up anew or is reached in another way, or this is another server"));

  return self;
}

/**
 * iss_enrolment_doubt_new_unreadable:
 * @why: why the record of a server cannot be read, a sentence without its full stop
 * @now: what its record would be now
 *
 * Returns: (transfer full): that nobody can tell whether it is the same server
 */
IssEnrolmentDoubt *
iss_enrolment_doubt_new_unreadable (const char         *why,
                                    const IssEnrolment *now)
{
  IssEnrolmentDoubt *self;

  g_return_val_if_fail (why != NULL && now != NULL, NULL);

  self = g_new0 (IssEnrolmentDoubt, 1);
  self->host_key = g_strdup (now->host_key);
  self->now = iss_enrolment_dup_seen (now);
  /* Translators: a sentence without its full stop */
  self->why = g_strdup_printf (_("Its record cannot be read: %s"), why);

  return self;
}

IssEnrolmentDoubt *
iss_enrolment_doubt_copy (const IssEnrolmentDoubt *self)
{
  IssEnrolmentDoubt *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (IssEnrolmentDoubt, 1);
  copy->host_key = g_strdup (self->host_key);
  copy->now = g_strdup (self->now);
  copy->before = g_strdup (self->before);
  copy->when = g_strdup (self->when);
  copy->why = g_strdup (self->why);

  return copy;
}

void
iss_enrolment_doubt_free (IssEnrolmentDoubt *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->host_key);
  g_free (self->now);
  g_free (self->before);
  g_free (self->when);
  g_free (self->why);
  g_free (self);
}

/**
 * iss_enrolment_doubt_dup_text:
 * @self: a doubt
 *
 * Returns: (transfer full): all of it, without a full stop
 */
char *
iss_enrolment_doubt_dup_text (const IssEnrolmentDoubt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->before == NULL)
    /* Translators: that a record cannot be read, "ssh host key ssh-ed25519 SHA256:…" or "on this
     * computer, without ssh" */
    return g_strdup_printf (_("%s. What is seen now: %s"), self->why, self->now);

  /* Translators: "ssh host key ssh-ed25519 SHA256:…" or "on this computer, without ssh", a date,
   * the same as the first for then, a sentence why that may be */
  return g_strdup_printf (_("%s; but when the server was enrolled on %s: %s. %s"), self->now,
                          self->when, self->before, self->why);
}

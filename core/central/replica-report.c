/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/replica-report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define TITLE "issuant report 1"

/* title, tried, seen, failures, clock offset, version, error, what the server said */
#define CONTENT_TYPE "(sxxudssa{sv})"

#define LAST_INSTANT G_GINT64_CONSTANT (253402300799)
#define MAX_ERROR 1024
#define MAX_VERSION 64

/* Seconds between two tries: doubled each time, up to a minute, when every server is asked again
 * anyway. */
#define FIRST_WAIT 5
#define LONGEST_WAIT 60

/**
 * iss_replica_report_new:
 * @server: the name of a server
 *
 * Returns: (transfer full): a report of one that was never tried
 */
IssReplicaReport *
iss_replica_report_new (const char *server)
{
  IssReplicaReport *self;

  g_return_val_if_fail (server != NULL, NULL);

  self = g_new0 (IssReplicaReport, 1);
  self->server = g_strdup (server);

  return self;
}

/**
 * iss_replica_report_free:
 * @self: (transfer full): a report
 */
void
iss_replica_report_free (IssReplicaReport *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->server);
  g_clear_object (&self->state);
  g_free (self->error);
  g_free (self->version);
  g_free (self);
}

/**
 * iss_replica_report_encode:
 * @self: a report
 *
 * Returns: (transfer full): it as bytes
 */
GBytes *
iss_replica_report_encode (const IssReplicaReport *self)
{
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;
  GVariant *state;

  g_return_val_if_fail (self != NULL, NULL);

  state = self->state != NULL ? iss_replica_state_to_variant (self->state)
                              : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
  native = g_variant_ref_sink (
    g_variant_new ("(sxxudss@a{sv})", TITLE, self->tried, self->seen, self->failures,
                   self->clock_offset, self->version != NULL ? self->version : "",
                   self->error != NULL ? self->error : "", state));
  content = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (native)
                                            : g_variant_byteswap (native);

  return g_variant_get_data_as_bytes (content);
}

static char *
dup_text_or_null (const char *text,
                  gsize       max_characters)
{
  return *text != '\0' ? iss_text_sanitise (text, -1, max_characters) : NULL;
}

/**
 * iss_replica_report_decode:
 * @server: whose report it must be
 * @bytes: from the central store, which is not trusted
 * @error: return location for %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full): the report
 */
IssReplicaReport *
iss_replica_report_decode (const char  *server,
                           GBytes      *bytes,
                           GError     **error)
{
  g_autoptr(GVariant) written = NULL;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) state = NULL;
  g_autoptr(IssReplicaReport) self = iss_replica_report_new (server);
  const char *title, *version, *text;

  written = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (CONTENT_TYPE), bytes,
                                                          FALSE));
  if (g_variant_is_normal_form (written))
    {
      native = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (written)
                                               : g_variant_byteswap (written);
      g_variant_get (native, "(&sxxud&s&s@a{sv})", &title, &self->tried, &self->seen,
                     &self->failures, &self->clock_offset, &version, &text, &state);
    }

  if (native == NULL || !g_str_equal (title, TITLE))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("What the central store says of %s is damaged"), server);
      return NULL;
    }

  self->tried = CLAMP (self->tried, 0, LAST_INSTANT);
  self->seen = CLAMP (self->seen, 0, LAST_INSTANT);
  if (!isfinite (self->clock_offset))
    self->clock_offset = 0;
  self->version = dup_text_or_null (version, MAX_VERSION);
  self->error = dup_text_or_null (text, MAX_ERROR);
  if (self->seen != 0)
    {
      self->state = iss_replica_state_from_variant (state, error);
      if (self->state == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

static const IssReplicaType *
find_type (const IssReplicaReport *self,
           const IssWanted        *wanted)
{
  const IssManifest *manifest = iss_wanted_get_manifest (wanted);

  return self->state != NULL ? iss_replica_state_find_type (self->state, manifest->type) : NULL;
}

/**
 * iss_replica_report_is_up_to_date:
 * @self: a report
 * @wanted: what is wanted of a type
 *
 * Returns: whether the server has the package that it is to have, has deployed it, and nobody
 *   changed the type there since
 */
gboolean
iss_replica_report_is_up_to_date (const IssReplicaReport *self,
                                  const IssWanted        *wanted)
{
  const IssReplicaType *type;
  const IssWantedServer *entry;

  g_return_val_if_fail (self != NULL && wanted != NULL, FALSE);

  type = find_type (self, wanted);
  entry = iss_wanted_find_server (wanted, self->server);

  return type != NULL && entry != NULL && type->deployed && !type->local &&
         g_strcmp0 (type->package_hex, entry->package_hex) == 0;
}

/**
 * iss_replica_report_is_ready:
 * @self: a report
 * @wanted: what is wanted, with something staged
 *
 * Returns: whether that server was seen to publish the staged key, so that others may sign with it,
 *   and no service of it would be left with the old one
 */
gboolean
iss_replica_report_is_ready (const IssReplicaReport *self,
                             const IssWanted        *wanted)
{
  const IssManifest *manifest;
  const IssReplicaType *type;

  g_return_val_if_fail (self != NULL && wanted != NULL, FALSE);

  manifest = iss_wanted_get_manifest (wanted);
  type = find_type (self, wanted);

  return type != NULL && manifest->slot[ISS_SLOT_STAGED] != NULL && self->error == NULL &&
         type->revision == manifest->revision &&
         g_strcmp0 (type->slot[ISS_SLOT_STAGED],
                    iss_certificate_get_sha256_hex (manifest->slot[ISS_SLOT_STAGED])) == 0 &&
         type->rung[ISS_SLOT_STAGED] >= ISS_RUNG_PUBLISHED && type->unreadable == NULL;
}

/**
 * iss_replica_report_get_next_try:
 * @self: a report
 * @jitter: 0 to 1: how much longer than necessary it waits
 *
 * Returns: when to try again; 0 = the last try did not fail
 */
gint64
iss_replica_report_get_next_try (const IssReplicaReport *self,
                                 gdouble                 jitter)
{
  gint64 wait = FIRST_WAIT;

  g_return_val_if_fail (self != NULL, 0);

  if (self->failures == 0)
    return 0;

  for (guint i = 1; i < self->failures && wait < LONGEST_WAIT; i++)
    wait *= 2;
  wait = MIN (wait, LONGEST_WAIT);

  return self->tried + wait + (gint64) ((gdouble) wait * CLAMP (jitter, 0, 1) / 2);
}

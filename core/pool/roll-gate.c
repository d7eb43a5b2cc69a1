/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/roll-gate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/pool/presence-seen.h"
#include "core/pool/reload-note.h"

static void
line_free (gpointer data)
{
  IssRollGateLine *line = data;

  g_object_unref (line->server);
  g_free (line->text);
  g_free (line->remedy);
  g_free (line);
}

/* The certificate and the instant that the first server shows: what the others must have, too. */
static const IssObservedSlot *
find_staged (IssPool    *pool,
             const char *type)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *observation = iss_server_get_observation (iss_pool_get_server (pool, i));
      const IssObservedType *observed =
        observation != NULL ? iss_observation_find_type (observation, type) : NULL;

      if (observed != NULL && observed->slots[ISS_SLOT_STAGED].is_set)
        return &observed->slots[ISS_SLOT_STAGED];
    }

  return NULL;
}

/* (nullable): it would go on with the old one, and be the only one that does */
static char *
dup_unreadable (IssServer  *server,
                const char *type)
{
  const char *unknown = iss_reload_note_get_error (server);
  g_autofree char *who = NULL;

  if (unknown != NULL)
    /* Translators: why, it names the file */
    return g_strdup_printf (_("has services that are not known (%s): at the roll they may be left "
                              "with the old certificate"), unknown);

  who = iss_reload_note_dup_unreadable (server, type);

  /* Translators: "rtc, whose account rtc-service cannot read the staged key (tried)" */
  return who != NULL ? g_strdup_printf (_("has %s: at the roll it would be left with the old "
                                          "certificate"), who) : NULL;
}

/* (nullable): why the server is not ready */
static char *
dup_obstacle (IssServer             *server,
              const char            *type,
              const IssObservedType *observed,
              const IssObservedSlot *wanted)
{
  const IssObservedSlot *staged = observed != NULL ? &observed->slots[ISS_SLOT_STAGED] : NULL;

  if (iss_server_get_observation (server) == NULL ||
      iss_server_get_failing_since (server) != 0)
    return g_strdup (_("does not answer: from the roll on it would refuse the others' tokens if it "
                       "does not have the new certificate"));
  if (observed != NULL && !staged->is_set && observed->slots[ISS_SLOT_CURRENT].is_set &&
      memcmp (observed->slots[ISS_SLOT_CURRENT].sha256, wanted->sha256,
              sizeof wanted->sha256) == 0)
    return g_strdup (_("uses the staged certificate already: it did not wait for the roll"));
  if (staged == NULL || !staged->is_set)
    return g_strdup (_("has nothing staged: from the roll on it would refuse the others' tokens"));
  if (memcmp (staged->sha256, wanted->sha256, sizeof staged->sha256) != 0)
    return g_strdup (_("has another certificate staged: the servers would refuse each other's "
                       "tokens"));
  if (staged->instant != wanted->instant)
    return g_strdup (_("rolls at another instant"));
  if (staged->rung < ISS_RUNG_PUBLISHED)
    return g_strdup (_("has not published the staged key yet: until then it refuses tokens that "
                       "are signed with it"));

  return dup_unreadable (server, type);
}

/**
 * iss_roll_gate_is_excepted:
 * @server: a server
 * @excepted: (nullable) (array zero-terminated=1): names of servers, in full or short
 *
 * Returns: whether it is one of them
 */
gboolean
iss_roll_gate_is_excepted (IssServer         *server,
                           const char *const *excepted)
{
  g_autofree char *short_name = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), FALSE);

  short_name = iss_server_dup_short_name (server);

  return excepted != NULL &&
         (g_strv_contains (excepted, iss_server_get_name (server)) ||
          g_strv_contains (excepted, short_name));
}

static IssRollGateLine *
make_line (IssServer             *server,
           const char            *type,
           const IssObservedSlot *wanted,
           const char *const     *excepted)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedType *observed =
    observation != NULL ? iss_observation_find_type (observation, type) : NULL;
  IssRollGateLine *line = g_new0 (IssRollGateLine, 1);
  char *obstacle = wanted != NULL ? dup_obstacle (server, type, observed, wanted)
                                  : g_strdup (_("has nothing staged"));

  line->server = g_object_ref (server);
  line->is_held = observed != NULL && observed->held;
  line->is_ready = obstacle == NULL || iss_roll_gate_is_excepted (server, excepted);
  if (obstacle == NULL)
    line->text = g_strdup (_("published"));
  else if (line->is_ready)
    /* Translators: why a server is not ready, which somebody has excepted by name */
    line->text = g_strdup_printf (_("excepted: %s"), obstacle);
  else
    line->text = g_strdup (obstacle);
  if (!line->is_ready && observed != NULL && observed->slots[ISS_SLOT_STAGED].is_set)
    line->remedy = iss_reload_note_dup_remedy (server, type,
                                               observed->slots[ISS_SLOT_STAGED].sha256);
  g_free (obstacle);

  return line;
}

/**
 * iss_roll_gate_list:
 * @pool: a pool, as it was last seen
 * @type: the name of a certificate type
 * @excepted: (nullable): names of servers that need not be ready
 *
 * Returns: (transfer full) (element-type IssRollGateLine): for each server of the pool, whether
 *   it is ready for what is staged
 */
GPtrArray *
iss_roll_gate_list (IssPool           *pool,
                    const char        *type,
                    const char *const *excepted)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  const IssObservedSlot *wanted;

  g_return_val_if_fail (ISS_IS_POOL (pool), lines);
  g_return_val_if_fail (type != NULL, lines);

  wanted = find_staged (pool, type);
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (lines, make_line (iss_pool_get_server (pool, i), type, wanted, excepted));

  return lines;
}

/**
 * iss_roll_gate_is_open:
 * @lines: (element-type IssRollGateLine): what iss_roll_gate_list() returned
 *
 * Returns: whether the roll may be armed
 */
gboolean
iss_roll_gate_is_open (GPtrArray *lines)
{
  g_return_val_if_fail (lines != NULL, FALSE);

  for (guint i = 0; i < lines->len; i++)
    if (!((IssRollGateLine *) lines->pdata[i])->is_ready)
      return FALSE;

  return lines->len > 0;
}

/**
 * iss_roll_gate_dup_reason:
 * @lines: (element-type IssRollGateLine): what iss_roll_gate_list() returned
 *
 * Returns: (transfer full) (nullable): who is not ready, and why
 */
char *
iss_roll_gate_dup_reason (GPtrArray *lines)
{
  g_autoptr(GString) reason = g_string_new (NULL);

  g_return_val_if_fail (lines != NULL, NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const IssRollGateLine *line = lines->pdata[i];
      g_autofree char *name = iss_server_dup_short_name (line->server);

      if (!line->is_ready)
        g_string_append_printf (reason, "%s%s %s", reason->len > 0 ? "; " : "", name, line->text);
    }

  return reason->len > 0 ? g_string_free (g_steal_pointer (&reason), FALSE) : NULL;
}

/**
 * iss_roll_gate_dup_remedy:
 * @lines: (element-type IssRollGateLine): what iss_roll_gate_list() returned
 *
 * Returns: (transfer full) (nullable): what to type so that they are, a line each
 */
char *
iss_roll_gate_dup_remedy (GPtrArray *lines)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (lines != NULL, NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const IssRollGateLine *line = lines->pdata[i];

      if (line->remedy != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line->remedy);
    }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/reload-note.h"

#include "core/assignment/reload-text.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>

/* (nullable) */
static const IssObservedReloads *
get_reloads (IssServer *server)
{
  IssObservation *observation = iss_server_get_observation (server);

  return observation != NULL ? iss_observation_get_reloads (observation) : NULL;
}

static gint64
get_time (IssServer *server)
{
  return iss_observation_get_time (iss_server_get_observation (server));
}

/* What is said of each that concerns the type, joined; %NULL: nothing. */
static char *
join (IssServer  *server,
      const char *type,
      const char *between,
      char     *(*dup) (const IssReload *reload,
                        gint64           now,
                        GTimeZone       *zone),
      GTimeZone  *zone)
{
  const IssObservedReloads *reloads = get_reloads (server);
  GString *text = g_string_new (NULL);

  for (guint i = 0; reloads != NULL && i < reloads->all->len; i++)
    {
      const IssReload *reload = g_ptr_array_index (reloads->all, i);
      g_autofree char *one = NULL;

      if (g_str_equal (reload->type, type) && reload->live.revision != 0)
        one = dup (reload, get_time (server), zone);
      if (one != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? between : "", one);
    }

  return g_string_free (text, text->len == 0);
}

static char *
dup_wrong (const IssReload *reload,
           gint64           now,
           GTimeZone       *zone)
{
  return iss_reload_is_wrong (reload, now) ? iss_reload_text_dup_state (reload, now, zone) : NULL;
}

static char *
dup_trouble (const IssReload *reload,
             gint64           now,
             GTimeZone       *zone)
{
  g_autofree char *trouble = iss_reload_text_dup_trouble (reload, now);
  g_autofree char *state = iss_reload_text_dup_state (reload, now, zone);

  return trouble != NULL ? g_strdup_printf ("%s: %s", state, trouble) : NULL;
}

/**
 * iss_reload_note_dup_state:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full) (nullable): how far each service is that uses the type; %NULL: none is
 *   configured
 */
char *
iss_reload_note_dup_state (IssServer  *server,
                           const char *type,
                           GTimeZone  *zone)
{
  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  return join (server, type, ", ", iss_reload_text_dup_state, zone);
}

/**
 * iss_reload_note_dup_wrong:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 *
 * Returns: (transfer full) (nullable): which services have not read what is published and should
 *   have; %NULL: none
 */
char *
iss_reload_note_dup_wrong (IssServer  *server,
                           const char *type)
{
  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  return join (server, type, ", ", dup_wrong, NULL);
}

/**
 * iss_reload_note_dup_in_vain:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 * @rung: how far what is current for it has come there
 *
 * Until a service has read it, it has come no further than #ISS_RELOAD_NOTE_RUNG for those who
 * use it.
 *
 * Returns: (transfer full) (nullable): which services have not read what is published and should
 *   have; %NULL: none, or it is not published
 */
char *
iss_reload_note_dup_in_vain (IssServer  *server,
                             const char *type,
                             IssRung     rung)
{
  return rung >= ISS_RUNG_PUBLISHED ? iss_reload_note_dup_wrong (server, type) : NULL;
}

/**
 * iss_reload_note_dup_trouble:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 *
 * Returns: (transfer full) (nullable): why they have not, and what to do; %NULL: they have
 */
char *
iss_reload_note_dup_trouble (IssServer  *server,
                             const char *type)
{
  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  return join (server, type, ". ", dup_trouble, NULL);
}

/**
 * iss_reload_note_dup_trial:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 * @out_readable: (out): whether all accounts could; untouched where nobody tried
 *
 * Returns: (transfer full) (nullable): which accounts could really read the published key; %NULL:
 *   nobody tried
 */
char *
iss_reload_note_dup_trial (IssServer  *server,
                           const char *type,
                           GTimeZone  *zone,
                           gboolean   *out_readable)
{
  const IssObservedReloads *reloads;
  gboolean readable = TRUE;
  char *text;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (out_readable != NULL, NULL);

  text = join (server, type, ", ", iss_reload_text_dup_trial, zone);
  if (text == NULL)
    return NULL;

  reloads = get_reloads (server);
  for (guint i = 0; i < reloads->all->len; i++)
    {
      const IssReload *reload = g_ptr_array_index (reloads->all, i);

      if (g_str_equal (reload->type, type) && reload->tried != 0 && !reload->readable)
        readable = FALSE;
    }
  *out_readable = readable;

  return text;
}

static char *
dup_unreadable (const IssReload *reload,
                gint64           now,
                GTimeZone       *zone)
{
  return iss_reload_text_dup_unreadable (reload);
}

static char *
dup_account (const IssReload *reload,
             gint64           now,
             GTimeZone       *zone)
{
  return reload->staged.is_there && reload->staged.grantable ? g_strdup (reload->account) : NULL;
}

/**
 * iss_reload_note_dup_staged:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 * @out_readable: (out): whether all accounts will be able to; untouched with %NULL
 * @out_tried: (out): whether that was tried of all, not worked out from permissions; likewise
 *
 * Returns: (transfer full) (nullable): which accounts will be able to read the key that is
 *   staged; %NULL: none is, or none has to
 */
char *
iss_reload_note_dup_staged (IssServer  *server,
                            const char *type,
                            GTimeZone  *zone,
                            gboolean   *out_readable,
                            gboolean   *out_tried)
{
  const IssObservedReloads *reloads;
  gboolean readable = TRUE;
  gboolean tried = TRUE;
  char *text;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (out_readable != NULL && out_tried != NULL, NULL);

  text = join (server, type, ", ", iss_reload_text_dup_staged, zone);
  if (text == NULL)
    return NULL;

  reloads = get_reloads (server);
  for (guint i = 0; i < reloads->all->len; i++)
    {
      const IssReload *reload = g_ptr_array_index (reloads->all, i);

      if (!g_str_equal (reload->type, type) || !reload->staged.is_there)
        continue;

      readable = readable && reload->staged.readable;
      tried = tried && reload->staged.tried != 0;
    }
  *out_readable = readable;
  *out_tried = tried;

  return text;
}

/**
 * iss_reload_note_dup_unreadable:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 *
 * Returns: (transfer full) (nullable): which services could not use what is staged, because their
 *   accounts cannot read its key; %NULL: all could
 */
char *
iss_reload_note_dup_unreadable (IssServer  *server,
                                const char *type)
{
  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  /* Translators: between two of "rtc, whose account rtc-service cannot read the staged key" */
  return join (server, type, _(" and "), dup_unreadable, NULL);
}

/**
 * iss_reload_note_dup_remedy:
 * @server: a server, as it was seen
 * @type: the name of a certificate type
 * @sha256: what is staged there, 32 bytes
 *
 * Returns: (transfer full) (nullable): what to type so that the accounts of its services can read
 *   the staged key; %NULL: they can, or what keeps them from it is something else
 */
char *
iss_reload_note_dup_remedy (IssServer    *server,
                            const char   *type,
                            const guint8 *sha256)
{
  g_autofree char *accounts = NULL;
  g_autofree char *name = NULL;
  g_autofree char *hex = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (type != NULL && sha256 != NULL, NULL);

  accounts = join (server, type, ",", dup_account, NULL);
  if (accounts == NULL)
    return NULL;

  name = iss_server_dup_short_name (server);
  hex = iss_text_hex (sha256, ISS_SHA256_SIZE, FALSE);

  return g_strdup_printf ("issuantctl set-key-access --server %s --thumbprint %s --allow %s", name,
                          hex, accounts);
}

/**
 * iss_reload_note_next_wrong:
 * @server: a server, as it was seen
 * @position: (inout): 0 at first; moved behind what was found
 *
 * Returns: (transfer none) (nullable): the next service that has not read what is published and
 *   should have; %NULL: no more
 */
const IssReload *
iss_reload_note_next_wrong (IssServer *server,
                            guint     *position)
{
  const IssObservedReloads *reloads;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (position != NULL, NULL);

  reloads = get_reloads (server);
  while (reloads != NULL && *position < reloads->all->len)
    {
      const IssReload *reload = g_ptr_array_index (reloads->all, (*position)++);

      if (iss_reload_is_wrong (reload, get_time (server)))
        return reload;
    }

  return NULL;
}

/**
 * iss_reload_note_get_error:
 * @server: a server, as it was seen
 *
 * Returns: (transfer none) (nullable): why it is not known which services use what, a sentence
 *   without full stop
 */
const char *
iss_reload_note_get_error (IssServer *server)
{
  const IssObservedReloads *reloads;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  reloads = get_reloads (server);

  return reloads != NULL ? reloads->error : NULL;
}

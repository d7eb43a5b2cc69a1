/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reload.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

#define GROUP "reload"
#define MAX_WHAT 400
#define LAST_INSTANT G_GINT64_CONSTANT (253402300799)   /* of the year 9999 */

static const char *const names[] =
{
  [ISS_RELOAD_PENDING]    = "pending",
  [ISS_RELOAD_RUNNING]    = "running",
  [ISS_RELOAD_DONE]       = "done",
  [ISS_RELOAD_FAILED]     = "failed",
  [ISS_RELOAD_TIMED_OUT]  = "timed-out",
  [ISS_RELOAD_UNREADABLE] = "unreadable",
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == ISS_N_RELOAD_STATES);

/**
 * iss_reload_state_get_name:
 * @state: a state
 *
 * Returns: (transfer none): its word in files, on the wire and in JSON
 */
const char *
iss_reload_state_get_name (IssReloadState state)
{
  g_return_val_if_fail ((guint) state < ISS_N_RELOAD_STATES, NULL);

  return names[state];
}

static gboolean
parse_state (const char     *name,
             IssReloadState *out_state)
{
  for (guint i = 0; i < ISS_N_RELOAD_STATES; i++)
    {
      if (g_str_equal (names[i], name))
        {
          *out_state = (IssReloadState) i;
          return TRUE;
        }
    }

  return FALSE;
}

/* What an older configuration said about it counts no more. */
static void
take_record (IssReload       *self,
             const IssReload *before)
{
  if (!g_str_equal (self->type, before->type) || !g_str_equal (self->what, before->what))
    return;

  self->good = before->good;
  self->good_at = before->good_at;
  if (g_str_equal (self->account, before->account))
    iss_staged_key_take_trial (&self->staged, &before->staged);
  if (!iss_live_state_is_same (&self->live, &before->live) ||
      !g_str_equal (self->account, before->account))
    return;

  self->state = before->state;
  self->attempts = before->attempts;
  self->started = before->started;
  self->ended = before->ended;
  g_free (self->reason);
  self->reason = g_strdup (before->reason);
  g_free (self->output);
  self->output = g_strdup (before->output);
  self->tried = before->tried;
  self->readable = before->readable;
}

/**
 * iss_reload_new:
 * @consumer: a consumer, as it is configured
 * @before: (nullable): what is recorded of it
 * @live: what is published for its type now
 * @staged: (nullable): which key is staged there
 *
 * Returns: (transfer full): what is known of reloading @consumer for @live: pending, unless
 *   @before is about that
 */
IssReload *
iss_reload_new (const IssConsumer  *consumer,
                const IssReload    *before,
                const IssLiveState *live,
                const IssStagedKey *staged)
{
  g_autofree char *what = NULL;
  IssReload *self;

  g_return_val_if_fail (consumer != NULL, NULL);
  g_return_val_if_fail (live != NULL, NULL);

  what = iss_consumer_dup_what (consumer);
  self = g_new0 (IssReload, 1);
  self->consumer = g_strdup (consumer->name);
  self->type = g_strdup (consumer->type->name);
  self->what = iss_text_sanitise (what, -1, MAX_WHAT);
  self->timeout = consumer->timeout;
  self->account = g_strdup (consumer->account != NULL ? consumer->account : "");
  self->reason = g_strdup ("");
  self->output = g_strdup ("");
  self->live = *live;
  if (staged != NULL && consumer->account != NULL)
    self->staged = *staged;
  if (before != NULL)
    take_record (self, before);

  return self;
}

/**
 * iss_reload_free:
 * @self: (transfer full): a reload
 */
void
iss_reload_free (IssReload *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->consumer);
  g_free (self->type);
  g_free (self->what);
  g_free (self->reason);
  g_free (self->output);
  g_free (self->account);
  iss_staged_key_clear (&self->staged);
  g_free (self);
}

/**
 * iss_reload_try:
 * @self: a reload
 * @now: seconds since 1970
 * @why_not: (nullable): why its account could not read the key; %NULL: it could
 *
 * Notes that it was tried.
 */
void
iss_reload_try (IssReload  *self,
                gint64      now,
                const char *why_not)
{
  g_return_if_fail (self != NULL);

  self->tried = now;
  self->readable = why_not == NULL;
}

/**
 * iss_reload_begin:
 * @self: a reload
 * @now: seconds since 1970
 *
 * Notes that it begins, one attempt more.
 */
void
iss_reload_begin (IssReload *self,
                  gint64     now)
{
  g_return_if_fail (self != NULL);

  self->state = ISS_RELOAD_RUNNING;
  self->started = now;
  self->ended = 0;
  if (self->attempts < G_MAXUINT)
    self->attempts++;
}

/**
 * iss_reload_end:
 * @self: a reload
 * @state: how it ended
 * @now: seconds since 1970
 * @reason: (nullable): why it failed, a sentence without full stop
 * @output: (nullable): what it said, fit to be shown
 *
 * Notes its end.
 */
void
iss_reload_end (IssReload      *self,
                IssReloadState  state,
                gint64          now,
                const char     *reason,
                const char     *output)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (state > ISS_RELOAD_RUNNING && state < ISS_N_RELOAD_STATES);

  self->state = state;
  self->ended = now;
  g_free (self->reason);
  self->reason = iss_text_sanitise (reason != NULL ? reason : "", -1, ISS_RELOAD_MAX_REASON);
  g_free (self->output);
  self->output = iss_text_sanitise (output != NULL ? output : "", -1, ISS_RELOAD_MAX_OUTPUT);
  if (state != ISS_RELOAD_DONE)
    return;

  self->good = self->live;
  self->good_at = now;
}

/**
 * iss_reload_is_failed:
 * @self: a reload
 *
 * Returns: whether it has ended, and its consumer has not read what is published now
 */
gboolean
iss_reload_is_failed (const IssReload *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state > ISS_RELOAD_DONE;
}

/**
 * iss_reload_is_wrong:
 * @self: a reload
 * @now: seconds since 1970, by the server's clock
 *
 * Returns: whether it failed, or should have been begun or over long ago
 */
gboolean
iss_reload_is_wrong (const IssReload *self,
                     gint64           now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->live.revision == 0)
    return FALSE;

  if (self->state == ISS_RELOAD_PENDING)
    return now - self->live.since > ISS_RELOAD_GRACE;
  if (self->state == ISS_RELOAD_RUNNING)
    return now - self->started > (gint64) self->timeout + ISS_RELOAD_GRACE;

  return iss_reload_is_failed (self);
}

static void
set_instant (GKeyFile   *file,
             const char *key,
             gint64      instant)
{
  g_autofree char *text = NULL;

  if (instant == 0)
    return;

  text = iss_time_text_iso (instant);
  g_key_file_set_string (file, GROUP, key, text);
}

static void
set_text (GKeyFile   *file,
          const char *key,
          const char *text)
{
  if (*text != '\0')
    g_key_file_set_string (file, GROUP, key, text);
}

/**
 * iss_reload_to_text:
 * @self: a reload
 *
 * Returns: (transfer full): what its file holds
 */
char *
iss_reload_to_text (const IssReload *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();

  g_return_val_if_fail (self != NULL, NULL);

  set_text (file, "consumer", self->consumer);
  set_text (file, "type", self->type);
  set_text (file, "what", self->what);
  g_key_file_set_uint64 (file, GROUP, "timeout", self->timeout);
  set_text (file, "state", names[self->state]);
  g_key_file_set_uint64 (file, GROUP, "revision", self->live.revision);
  g_key_file_set_uint64 (file, GROUP, "inode", self->live.inode);
  set_instant (file, "since", self->live.since);
  g_key_file_set_uint64 (file, GROUP, "attempts", self->attempts);
  set_instant (file, "started", self->started);
  set_instant (file, "ended", self->ended);
  set_text (file, "reason", self->reason);
  set_text (file, "output", self->output);
  set_text (file, "account", self->account);
  set_instant (file, "tried", self->tried);
  g_key_file_set_boolean (file, GROUP, "readable", self->readable);
  if (self->good_at != 0)
    {
      g_key_file_set_uint64 (file, GROUP, "good-revision", self->good.revision);
      g_key_file_set_uint64 (file, GROUP, "good-inode", self->good.inode);
      set_instant (file, "good-since", self->good.since);
      set_instant (file, "good-at", self->good_at);
    }

  iss_staged_key_write (&self->staged, file, GROUP);

  return g_key_file_to_data (file, NULL, NULL);
}

static char *
get_text (GKeyFile   *file,
          const char *key,
          gsize       max_characters)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);

  return iss_text_sanitise (text != NULL ? text : "", -1, max_characters);
}

static gboolean
get_instant (GKeyFile   *file,
             const char *key,
             gint64     *out_instant)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);

  return text == NULL || iss_time_text_parse (text, out_instant, NULL);
}

static gboolean
is_type (const char *name)
{
  return iss_certificate_type_find (name) != NULL;
}

/* Whatever it came from: what can be reckoned with. */
static gboolean
is_sound (const IssReload *self)
{
  const gint64 instants[] = { self->live.since, self->started, self->ended, self->tried,
                              self->good.since, self->good_at };

  for (guint i = 0; i < G_N_ELEMENTS (instants); i++)
    {
      if (instants[i] < 0 || instants[i] > LAST_INSTANT)
        return FALSE;
    }

  return iss_consumer_is_name (self->consumer) && is_type (self->type) &&
         self->timeout > 0 && self->timeout <= ISS_CONSUMER_MAX_TIMEOUT &&
         self->live.revision <= G_MAXINT64 && self->good.revision <= G_MAXINT64 &&
         (*self->account == '\0' || iss_consumer_is_account (self->account));
}

/**
 * iss_reload_new_from_text:
 * @text: what a reload's file holds
 * @error: return location for %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full): the reload, or %NULL with @error set
 */
IssReload *
iss_reload_new_from_text (GBytes  *text,
                          GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(IssReload) self = g_new0 (IssReload, 1);
  g_autofree char *state = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (g_key_file_load_from_bytes (file, text, G_KEY_FILE_NONE, NULL))
    state = g_key_file_get_string (file, GROUP, "state", NULL);

  self->consumer = get_text (file, "consumer", ISS_CONSUMER_MAX_NAME);
  self->type = get_text (file, "type", ISS_CONSUMER_MAX_NAME);
  self->what = get_text (file, "what", MAX_WHAT);
  self->timeout = (guint) MIN (g_key_file_get_uint64 (file, GROUP, "timeout", NULL), G_MAXUINT);
  self->live.revision = g_key_file_get_uint64 (file, GROUP, "revision", NULL);
  self->live.inode = g_key_file_get_uint64 (file, GROUP, "inode", NULL);
  self->attempts = (guint) MIN (g_key_file_get_uint64 (file, GROUP, "attempts", NULL), G_MAXUINT);
  self->reason = get_text (file, "reason", ISS_RELOAD_MAX_REASON);
  self->output = get_text (file, "output", ISS_RELOAD_MAX_OUTPUT);
  self->account = get_text (file, "account", ISS_CONSUMER_MAX_NAME);
  self->readable = g_key_file_get_boolean (file, GROUP, "readable", NULL);
  self->good.revision = g_key_file_get_uint64 (file, GROUP, "good-revision", NULL);
  self->good.inode = g_key_file_get_uint64 (file, GROUP, "good-inode", NULL);

  if (state != NULL && parse_state (state, &self->state) &&
      get_instant (file, "since", &self->live.since) &&
      get_instant (file, "started", &self->started) &&
      get_instant (file, "ended", &self->ended) &&
      get_instant (file, "tried", &self->tried) &&
      get_instant (file, "good-since", &self->good.since) &&
      get_instant (file, "good-at", &self->good_at) &&
      iss_staged_key_read (&self->staged, file, GROUP) && is_sound (self))
    return g_steal_pointer (&self);

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("The record of a reload is damaged"));

  return NULL;
}

/**
 * iss_reload_to_variant:
 * @self: a reload
 *
 * Returns: (transfer floating): an a{sv}, as an observation has it
 */
GVariant *
iss_reload_to_variant (const IssReload *self)
{
  GVariantDict dict;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "consumer", "s", self->consumer);
  g_variant_dict_insert (&dict, "type", "s", self->type);
  g_variant_dict_insert (&dict, "what", "s", self->what);
  g_variant_dict_insert (&dict, "timeout", "u", self->timeout);
  g_variant_dict_insert (&dict, "state", "s", names[self->state]);
  g_variant_dict_insert (&dict, "live", "(tx)", self->live.revision, self->live.since);
  g_variant_dict_insert (&dict, "attempts", "u", self->attempts);
  g_variant_dict_insert (&dict, "started", "x", self->started);
  g_variant_dict_insert (&dict, "ended", "x", self->ended);
  g_variant_dict_insert (&dict, "reason", "s", self->reason);
  g_variant_dict_insert (&dict, "output", "s", self->output);
  g_variant_dict_insert (&dict, "account", "s", self->account);
  g_variant_dict_insert (&dict, "tried", "x", self->tried);
  g_variant_dict_insert (&dict, "readable", "b", self->readable);
  g_variant_dict_insert (&dict, "good", "(tx)", self->good.revision, self->good_at);
  iss_staged_key_insert (&self->staged, &dict);

  return g_variant_dict_end (&dict);
}

static char *
lookup_text (GVariant   *variant,
             const char *member,
             gsize       max_characters)
{
  const char *text = "";

  g_variant_lookup (variant, member, "&s", &text);

  return iss_text_sanitise (text, -1, max_characters);
}

/**
 * iss_reload_new_from_variant:
 * @variant: an a{sv} from outside
 *
 * Returns: (transfer full) (nullable): the reload, everything in it checked; %NULL: it is none
 */
IssReload *
iss_reload_new_from_variant (GVariant *variant)
{
  g_autoptr(IssReload) self = g_new0 (IssReload, 1);
  const char *state;

  g_return_val_if_fail (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT), NULL);

  self->consumer = lookup_text (variant, "consumer", ISS_CONSUMER_MAX_NAME);
  self->type = lookup_text (variant, "type", ISS_CONSUMER_MAX_NAME);
  self->what = lookup_text (variant, "what", MAX_WHAT);
  self->reason = lookup_text (variant, "reason", ISS_RELOAD_MAX_REASON);
  self->output = lookup_text (variant, "output", ISS_RELOAD_MAX_OUTPUT);
  self->account = lookup_text (variant, "account", ISS_CONSUMER_MAX_NAME);

  if (g_variant_lookup (variant, "state", "&s", &state) && parse_state (state, &self->state) &&
      g_variant_lookup (variant, "timeout", "u", &self->timeout) &&
      g_variant_lookup (variant, "live", "(tx)", &self->live.revision, &self->live.since) &&
      g_variant_lookup (variant, "attempts", "u", &self->attempts) &&
      g_variant_lookup (variant, "started", "x", &self->started) &&
      g_variant_lookup (variant, "ended", "x", &self->ended) &&
      g_variant_lookup (variant, "tried", "x", &self->tried) &&
      g_variant_lookup (variant, "readable", "b", &self->readable) &&
      g_variant_lookup (variant, "good", "(tx)", &self->good.revision, &self->good_at) &&
      iss_staged_key_lookup (&self->staged, variant) && is_sound (self))
    return g_steal_pointer (&self);

  return NULL;
}

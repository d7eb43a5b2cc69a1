/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/pool/pool-fixture.h"

#include <string.h>

#define YEAR (365 * 24 * 3600)

static const char *
name_of (char letter)
{
  switch (letter)
    {
    case 'A': return "auth.contoso.example";
    case 'B': return "old-auth.contoso.example";
    case 'L': return "lab.contoso.example";
    case 'S': return "sip.contoso.example";
    case 'X': return "expired.contoso.example";
    case 'Y': return "early.contoso.example";
    default: return "other.contoso.example";
    }
}

static GVariant *
fill (char  letter,
      gsize size)
{
  guint8 bytes[32];

  memset (bytes, letter, sizeof bytes);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, size, 1);
}

static void
add_certificate (GVariantBuilder *certificates,
                 GHashTable      *known,
                 char             letter,
                 guint            rung,
                 IssIntent        intent)
{
  const char *name = rung > 0 ? name_of (letter) : "";
  gint64 from = rung > 0 ? ISS_POOL_FIXTURE_NOW - YEAR : 0;
  gint64 until = rung > 0 ? ISS_POOL_FIXTURE_NOW + YEAR : 0;

  if (!g_hash_table_add (known, GINT_TO_POINTER (letter)))
    return;

  if (letter == 'X' && rung > 0)
    until = ISS_POOL_FIXTURE_NOW - 24 * 3600;
  if (letter == 'Y' && rung > 0)
    from = ISS_POOL_FIXTURE_NOW + 24 * 3600;

  g_variant_builder_add (certificates, "(@ay@ayssssxxuuu)", fill (letter, 32), fill (letter, 20),
                         name, rung > 0 ? "Contoso CA" : "", "", rung > 0 ? "manual" : "",
                         from, until, rung > 3 ? 1 : 0, intent, rung);
}

static void
add_type (GVariantBuilder *types,
          GVariantBuilder *certificates,
          GHashTable      *known,
          const char      *word)
{
  const char *equals = strchr (word, '=');
  gboolean global = equals[-1] == '*';
  g_autofree char *type = g_strndup (word, (gsize) (equals - word) - (global ? 1 : 0));
  g_auto(GStrv) slots = g_strsplit (equals + 1, ",", ISS_N_SLOTS);
  GVariantBuilder observed;

  g_variant_builder_init (&observed, G_VARIANT_TYPE ("a(ayux)"));
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      const char *slot = i < g_strv_length (slots) ? slots[i] : "";
      guint rung = slot[0] != '\0' ? (guint) (slot[1] - '0') : 0;

      const char *at = strchr (slot, '@');
      gint64 instant = at != NULL ? ISS_POOL_FIXTURE_NOW + g_ascii_strtoll (at + 1, NULL, 10) : 0;

      g_variant_builder_add (&observed, "(@ayux)", fill (slot[0], slot[0] != '\0' ? 32 : 0),
                             rung, instant);
      if (slot[0] != '\0' && rung > 0)
        add_certificate (certificates, known, slot[0], rung, ISS_INTENT_UNKNOWN);
    }

  g_variant_builder_add (types, "(sstta(ayux))", type, global ? "global" : "local",
                         (guint64) 1, (guint64) 1,
                         &observed);
}

/* A service of the type that the word names. */
static GVariant *
make_reload (const char *word)
{
  g_autoptr(IssConsumer) consumer = iss_consumer_new ("rtc", NULL);
  const IssLiveState live = { 1, 1, ISS_POOL_FIXTURE_NOW - 600 };
  const IssStagedKey staged = { .is_there = TRUE };
  g_autoptr(IssReload) reload = NULL;

  g_assert_true (iss_consumer_set (consumer, "type", word + 1, NULL));
  iss_consumer_set (consumer, "unit", "rtc.service", NULL);
  iss_consumer_set (consumer, "account", "rtc-service", NULL);
  reload = iss_reload_new (consumer, NULL, &live, word[0] == '~' ? &staged : NULL);
  iss_reload_begin (reload, ISS_POOL_FIXTURE_NOW - 60);
  iss_reload_end (reload, word[0] == '#' ? ISS_RELOAD_FAILED : ISS_RELOAD_DONE,
                  ISS_POOL_FIXTURE_NOW - 60, word[0] == '#' ? "It ended with status 1" : NULL,
                  NULL);
  if (word[0] == '~')
    iss_staged_key_set (&reload->staged, ISS_POOL_FIXTURE_NOW - 30, "Permission denied", TRUE);

  return iss_reload_to_variant (reload);
}

static IssObservation *
observe (const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr(GHashTable) known = g_hash_table_new (NULL, NULL);
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder certificates;
  GVariantBuilder types;
  GVariantBuilder held;
  GVariantBuilder reloads;
  GVariantBuilder all;
  IssObservation *observation;

  g_variant_builder_init (&certificates, G_VARIANT_TYPE ("a(ayayssssxxuuu)"));
  g_variant_builder_init (&types, G_VARIANT_TYPE ("a(sstta(ayux))"));

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == '+')
      add_certificate (&certificates, known, words[i][1], 4,
                       words[i][2] == 'p' ? ISS_INTENT_POOL : ISS_INTENT_UNKNOWN);
    else if (words[i][0] == '-')
      add_certificate (&certificates, known, words[i][1], 0, ISS_INTENT_UNKNOWN);

  g_variant_builder_init (&held, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == '^')
      g_variant_builder_add (&held, "s", words[i] + 1);

  g_variant_builder_init (&reloads, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == '~' || words[i][0] == '#')
      g_variant_builder_add_value (&reloads, make_reload (words[i]));

  for (guint i = 0; words[i] != NULL; i++)
    if (strchr (words[i], '=') != NULL)
      add_type (&types, &certificates, known, words[i]);

  g_variant_builder_init (&all, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&all, "{sv}", "time", g_variant_new_int64 (ISS_POOL_FIXTURE_NOW));
  g_variant_builder_add (&all, "{sv}", "unattended",
                         g_variant_new_boolean (g_strv_contains ((const char *const *) words,
                                                                 "unattended")));
  g_variant_builder_add (&all, "{sv}", "types", g_variant_builder_end (&types));
  g_variant_builder_add (&all, "{sv}", "certificates", g_variant_builder_end (&certificates));
  g_variant_builder_add (&all, "{sv}", "held", g_variant_builder_end (&held));
  g_variant_builder_add (&all, "{sv}", "reloads", g_variant_builder_end (&reloads));
  if (g_strv_contains ((const char *const *) words, "%"))
    g_variant_builder_add (&all, "{sv}", "reload-error",
                           g_variant_new_string ("consumers.conf, line 2: nonsense"));
  variant = g_variant_ref_sink (g_variant_builder_end (&all));

  observation = iss_observation_from_variant (variant, &error);
  g_assert_no_error (error);

  return observation;
}

static void
add_server (IssPool    *pool,
            guint       index,
            const char *line)
{
  g_autofree char *name = g_strdup_printf ("fe%02u.contoso.example", index + 1);
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("local:///nowhere",
                                                                          NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssServer) server = iss_server_new (name, address, launch, iss_pool_get_clock (pool));
  g_autoptr(IssObservation) observation = NULL;
  gboolean silent = line[0] == '!';
  const char *rest = silent ? line + 1 : line;

  if (rest[0] != '?')
    observation = observe (rest);

  iss_server_set_last_seen (server, observation,
                            silent ? ISS_POOL_FIXTURE_SEEN : ISS_POOL_FIXTURE_NOW,
                            silent ? ISS_POOL_FIXTURE_SILENT : 0);
  iss_pool_add_server (pool, server);
}

static char *
dup_hex (char letter)
{
  g_autoptr(GString) hex = g_string_new (NULL);

  if (letter == 0)
    return NULL;
  for (guint i = 0; i < 32; i++)
    g_string_append_printf (hex, "%02x", letter);

  return g_string_free (g_steal_pointer (&hex), FALSE);
}

/**
 * iss_pool_fixture_new:
 * @lines: (array zero-terminated=1): what fe01, fe02, … showed
 * @agreed: the letter of what is agreed for OAuthTokenIssuer, or 0
 * @previous: the letter of what was agreed before, or 0
 *
 * Returns: (transfer full): a pool that was looked at
 */
IssPool *
iss_pool_fixture_new (const char *const *lines,
                      char               agreed,
                      char               previous)
{
  static const char *const domains[] = { "contoso.example", NULL };
  g_autoptr(IssClock) clock = iss_clock_new_fixed (ISS_POOL_FIXTURE_NOW);
  IssPool *pool = iss_pool_new ("pool01.contoso.example", domains, clock);

  for (guint i = 0; lines[i] != NULL; i++)
    add_server (pool, i, lines[i]);

  if (agreed != 0)
    {
      g_autofree char *hex = dup_hex (agreed);
      g_autofree char *previous_hex = dup_hex (previous);
      IssAgreed what = { hex, previous_hex, (char *) "alice", ISS_POOL_FIXTURE_NOW };

      iss_pool_set_agreed (pool, "OAuthTokenIssuer", &what);
    }

  return pool;
}

/**
 * iss_pool_fixture_get_sha256:
 * @letter: a certificate
 * @out_sha256: (out caller-allocates) (array fixed-size=32): its SHA-256
 */
void
iss_pool_fixture_get_sha256 (char    letter,
                             guint8 *out_sha256)
{
  memset (out_sha256, letter, 32);
}

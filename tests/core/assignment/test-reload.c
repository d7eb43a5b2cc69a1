/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reload.h"

#include "core/base/error.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1814313600)    /* 2027-06-30T00:00:00Z */

static IssConsumer *
new_consumer (void)
{
  IssConsumer *consumer = iss_consumer_new ("nginx", NULL);

  iss_consumer_set (consumer, "type", "Default", NULL);
  iss_consumer_set (consumer, "unit", "nginx.service", NULL);
  iss_consumer_set (consumer, "account", "www-data", NULL);

  return consumer;
}

static void
assert_same (const IssReload *a,
             const IssReload *b)
{
  g_autofree char *one = iss_reload_to_text (a);
  g_autofree char *other = iss_reload_to_text (b);

  g_assert_cmpstr (one, ==, other);
}

static IssReload *
read_back (const IssReload *reload)
{
  char *text = iss_reload_to_text (reload);
  g_autoptr(GBytes) bytes = g_bytes_new_take (text, strlen (text));
  g_autoptr(GError) error = NULL;
  IssReload *read = iss_reload_new_from_text (bytes, &error);

  g_assert_no_error (error);
  assert_same (reload, read);

  return read;
}

static void
test_reload_steps (void)
{
  g_autoptr(IssConsumer) consumer = new_consumer ();
  const IssLiveState live = { 7, 4711, NOW };
  const IssLiveState later = { 8, 4712, NOW + 1000 };
  g_autoptr(IssReload) reload = iss_reload_new (consumer, NULL, &live, NULL);
  g_autoptr(IssReload) same = NULL;
  g_autoptr(IssReload) next = NULL;
  g_autoptr(IssReload) read = NULL;

  g_assert_cmpint (reload->state, ==, ISS_RELOAD_PENDING);
  g_assert_false (iss_reload_is_wrong (reload, NOW + ISS_RELOAD_GRACE));
  g_assert_true (iss_reload_is_wrong (reload, NOW + ISS_RELOAD_GRACE + 1));

  iss_reload_try (reload, NOW + 1, NULL);
  iss_reload_begin (reload, NOW + 1);
  g_assert_cmpint (reload->state, ==, ISS_RELOAD_RUNNING);
  g_assert_false (iss_reload_is_wrong (reload, NOW + 1 + 60 + ISS_RELOAD_GRACE));
  g_assert_true (iss_reload_is_wrong (reload, NOW + 2 + 60 + ISS_RELOAD_GRACE));

  iss_reload_end (reload, ISS_RELOAD_FAILED, NOW + 2, "The reload ended with status 1", "a\033b");
  g_assert_true (iss_reload_is_failed (reload));
  g_assert_true (iss_reload_is_wrong (reload, NOW + 2));
  g_assert_cmpstr (reload->output, ==, "a\357\277\275b");
  g_assert_cmpint (reload->good_at, ==, 0);

  /* Recorded, it is the same; for what is published next it is pending again. */
  read = read_back (reload);
  same = iss_reload_new (consumer, read, &live, NULL);
  assert_same (same, reload);

  iss_reload_begin (same, NOW + 300);
  iss_reload_end (same, ISS_RELOAD_DONE, NOW + 301, NULL, NULL);
  g_assert_false (iss_reload_is_wrong (same, NOW + 9999));
  g_assert_cmpuint (same->attempts, ==, 2);
  g_assert_cmpuint (same->good.revision, ==, 7);

  next = iss_reload_new (consumer, same, &later, NULL);
  g_assert_cmpint (next->state, ==, ISS_RELOAD_PENDING);
  g_assert_cmpuint (next->attempts, ==, 0);
  g_assert_cmpuint (next->good.revision, ==, 7);
  g_assert_cmpint (next->tried, ==, 0);
  g_clear_pointer (&read, iss_reload_free);
  read = read_back (next);
}

/* What another configuration did says nothing. */
static void
test_reload_configured_anew (void)
{
  g_autoptr(IssConsumer) consumer = new_consumer ();
  g_autoptr(IssConsumer) other = iss_consumer_new ("nginx", NULL);
  const IssLiveState live = { 7, 4711, NOW };
  g_autoptr(IssReload) reload = iss_reload_new (consumer, NULL, &live, NULL);
  g_autoptr(IssReload) anew = NULL;

  iss_reload_begin (reload, NOW);
  iss_reload_end (reload, ISS_RELOAD_DONE, NOW, NULL, NULL);
  iss_consumer_set (other, "type", "Default", NULL);
  iss_consumer_set (other, "unit", "apache2.service", NULL);
  anew = iss_reload_new (other, reload, &live, NULL);
  g_assert_cmpint (anew->state, ==, ISS_RELOAD_PENDING);
  g_assert_cmpint (anew->good_at, ==, 0);

  /* Another account must be able to read it first, and what it had read is read. */
  g_clear_pointer (&anew, iss_reload_free);
  g_free (consumer->account);
  consumer->account = g_strdup ("nobody");
  anew = iss_reload_new (consumer, reload, &live, NULL);
  g_assert_cmpint (anew->state, ==, ISS_RELOAD_PENDING);
  g_assert_cmpuint (anew->good.revision, ==, 7);
}

static void
test_reload_nothing (void)
{
  g_autoptr(IssConsumer) consumer = new_consumer ();
  const IssLiveState nothing = { 0 };
  g_autoptr(IssReload) reload = iss_reload_new (consumer, NULL, &nothing, NULL);

  g_assert_false (iss_reload_is_wrong (reload, NOW));
}

static void
test_reload_damaged (void)
{
  g_autoptr(IssConsumer) consumer = new_consumer ();
  const IssLiveState live = { 7, 4711, NOW };
  g_autoptr(IssReload) reload = iss_reload_new (consumer, NULL, &live, NULL);
  g_autofree char *text = iss_reload_to_text (reload);
  static const char *const changes[][2] =
  {
    { "[reload]", "[other]" }, { "consumer=nginx", "consumer=../x" }, { "consumer=", "x=" },
    { "type=Default", "type=Nonsense" }, { "state=pending", "state=good" }, { "state=", "x=" },
    { "timeout=60", "timeout=0" }, { "timeout=60", "timeout=99999" },
    { "since=2027-06-30T00:00:00Z", "since=yesterday" }, { "account=www-data", "account=-x" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto(GStrv) parts = g_strsplit (text, changes[i][0], 2);
      g_autofree char *damaged = g_strjoinv (changes[i][1], parts);
      g_autoptr(GBytes) bytes = g_bytes_new (damaged, strlen (damaged));
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (g_strv_length (parts), ==, 2);
      g_test_message ("%s", changes[i][1]);
      g_assert_null (iss_reload_new_from_text (bytes, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

static IssReload *
change_variant (const IssReload *reload,
                const char      *member,
                GVariant        *value)
{
  g_autoptr(GVariant) variant = g_variant_ref_sink (iss_reload_to_variant (reload));
  g_autoptr(GVariant) changed = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, variant);
  g_variant_dict_insert_value (&dict, member, value);
  changed = g_variant_ref_sink (g_variant_dict_end (&dict));

  return iss_reload_new_from_variant (changed);
}

/* From a server anything may come. */
static void
test_reload_wire (void)
{
  g_autoptr(IssConsumer) consumer = new_consumer ();
  const IssLiveState live = { 7, 0, NOW };
  g_autoptr(IssReload) reload = iss_reload_new (consumer, NULL, &live, NULL);
  g_autoptr(IssReload) back = NULL;
  g_autoptr(IssReload) odd = NULL;

  iss_reload_begin (reload, NOW);
  iss_reload_end (reload, ISS_RELOAD_TIMED_OUT, NOW + 60, "The reload did not end", "x");
  back = change_variant (reload, "unknown", g_variant_new_boolean (TRUE));
  assert_same (reload, back);

  odd = change_variant (reload, "output", g_variant_new_string ("a\nb\342\200\256"));
  g_assert_cmpstr (odd->output, ==, "a\357\277\275b\357\277\275");

  g_assert_null (change_variant (reload, "state", g_variant_new_string ("x")));
  g_assert_null (change_variant (reload, "state", g_variant_new_uint32 (1)));
  g_assert_null (change_variant (reload, "consumer", g_variant_new_string ("a b")));
  g_assert_null (change_variant (reload, "type", g_variant_new_string ("x")));
  g_assert_null (change_variant (reload, "started", g_variant_new_int64 (-1)));
  g_assert_null (change_variant (reload, "ended", g_variant_new_int64 (G_MAXINT64)));
  g_assert_null (change_variant (reload, "timeout", g_variant_new_uint32 (0)));
  g_assert_null (change_variant (reload, "live", g_variant_new ("(tx)", G_MAXUINT64,
                                                                G_GINT64_CONSTANT (0))));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reload/steps", test_reload_steps);
  g_test_add_func ("/reload/configured-anew", test_reload_configured_anew);
  g_test_add_func ("/reload/nothing", test_reload_nothing);
  g_test_add_func ("/reload/damaged", test_reload_damaged);
  g_test_add_func ("/reload/wire", test_reload_wire);

  return g_test_run ();
}

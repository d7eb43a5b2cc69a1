/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reload-text.h"

#define NOW G_GINT64_CONSTANT (1814313600)    /* 2027-06-30T00:00:00Z */

static IssReload *
new_reload (void)
{
  g_autoptr(IssConsumer) consumer = iss_consumer_new ("nginx", NULL);
  const IssLiveState live = { 7, 1, NOW };

  iss_consumer_set (consumer, "type", "Default", NULL);
  iss_consumer_set (consumer, "unit", "nginx.service", NULL);
  iss_consumer_set (consumer, "account", "www-data", NULL);

  return iss_reload_new (consumer, NULL, &live, NULL);
}

static void
assert_text (const IssReload *reload,
             gint64           now,
             const char      *state,
             const char      *trouble,
             const char      *trial)
{
  g_autofree char *is_state = iss_reload_text_dup_state (reload, now, NULL);
  g_autofree char *is_trouble = iss_reload_text_dup_trouble (reload, now);
  g_autofree char *is_trial = iss_reload_text_dup_trial (reload, now, NULL);

  g_assert_cmpstr (is_state, ==, state);
  g_assert_cmpstr (is_trouble, ==, trouble);
  g_assert_cmpstr (is_trial, ==, trial);
}

static void
test_reload_text (void)
{
  g_autoptr(IssReload) reload = new_reload ();

  assert_text (reload, NOW, "nginx waits to be reloaded", NULL, NULL);
  assert_text (reload, NOW + 200, "nginx not reloaded",
               "Nothing has reloaded it: start issuant-consumers.path, or without systemd "
               "issuant-agent --watch-live as root", NULL);

  iss_reload_try (reload, NOW, NULL);
  iss_reload_begin (reload, NOW);
  assert_text (reload, NOW, "nginx is being reloaded", NULL,
               "www-data has read the key, tried 00:00:00");

  iss_reload_end (reload, ISS_RELOAD_DONE, NOW + 1, NULL, "fine");
  assert_text (reload, NOW + 9, "nginx reloaded 00:00:01", NULL,
               "www-data has read the key, tried 00:00:00");
  assert_text (reload, NOW + 13 * 3600, "nginx reloaded 00:00", NULL,
               "www-data has read the key, tried 00:00");

  iss_reload_end (reload, ISS_RELOAD_FAILED, NOW + 1, "The reload ended with status 1", NULL);
  assert_text (reload, NOW + 2, "nginx not reloaded", "The reload ended with status 1",
               "www-data has read the key, tried 00:00:00");
  iss_reload_end (reload, ISS_RELOAD_FAILED, NOW + 1, "The reload ended with status 1",
                  "no such file");
  assert_text (reload, NOW + 2, "nginx not reloaded",
               "The reload ended with status 1. It said: no such file",
               "www-data has read the key, tried 00:00:00");

  iss_reload_try (reload, NOW, "no");
  iss_reload_end (reload, ISS_RELOAD_UNREADABLE, NOW, "www-data cannot read x: No", NULL);
  assert_text (reload, NOW, "nginx not reloaded",
               "www-data cannot read x: No. So it goes on with the certificate that it has",
               "www-data cannot read the key, tried 00:00:00");
}

/* How it is known whether the account will be able to read what is staged, and why not. */
static void
test_reload_text_staged (void)
{
  static const struct
  {
    gint64      tried;
    const char *why_not;
    const char *staged;
    const char *unreadable;
  } cases[] =
  {
    { 0, NULL, "www-data may read the key, by permissions", NULL },
    { NOW, NULL, "www-data has read the key, tried 00:00:00", NULL },
    { 0, "no way", "www-data cannot read the key, by permissions",
      "nginx, whose account www-data cannot read the staged key (by permissions: no way)" },
    { NOW, "no way", "www-data cannot read the key, tried 00:00:00",
      "nginx, whose account www-data cannot read the staged key (tried: no way)" },
    { NOW, "", "www-data cannot read the key, tried 00:00:00",
      "nginx, whose account www-data cannot read the staged key (tried: it is not said why)" },
  };
  g_autoptr(IssReload) reload = new_reload ();

  g_assert_null (iss_reload_text_dup_staged (reload, NOW, NULL));
  g_assert_null (iss_reload_text_dup_unreadable (reload));
  reload->staged.is_there = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *staged = NULL;
      g_autofree char *unreadable = NULL;

      iss_staged_key_set (&reload->staged, cases[i].tried, cases[i].why_not, FALSE);
      staged = iss_reload_text_dup_staged (reload, NOW, NULL);
      unreadable = iss_reload_text_dup_unreadable (reload);
      g_assert_cmpstr (staged, ==, cases[i].staged);
      g_assert_cmpstr (unreadable, ==, cases[i].unreadable);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reload-text/reload", test_reload_text);
  g_test_add_func ("/reload-text/staged", test_reload_text_staged);

  return g_test_run ();
}

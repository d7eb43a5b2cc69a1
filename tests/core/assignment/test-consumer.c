/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/consumer.h"

#include "core/base/error.h"

static void
test_consumer_unit (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssConsumer) consumer = iss_consumer_new ("nginx", &error);
  g_autofree char *what = NULL;
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  g_assert_false (iss_consumer_complete (consumer, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  g_assert_true (iss_consumer_set (consumer, "type", "default", &error));
  g_assert_false (iss_consumer_complete (consumer, NULL));
  g_assert_true (iss_consumer_set (consumer, "unit", "nginx@a\\x2db.service", &error));
  g_assert_true (iss_consumer_complete (consumer, &error));
  g_assert_no_error (error);

  g_assert_cmpstr (consumer->type->name, ==, "Default");
  g_assert_null (consumer->account);
  g_assert_cmpuint (consumer->timeout, ==, ISS_CONSUMER_TIMEOUT);
  line = g_strjoinv (" ", consumer->argv);
  g_assert_cmpstr (line, ==, "/usr/bin/systemctl --no-ask-password try-reload-or-restart -- "
                             "nginx@a\\x2db.service");
  what = iss_consumer_dup_what (consumer);
  g_assert_cmpstr (what, ==, "nginx@a\\x2db.service");
}

static void
test_consumer_command (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssConsumer) consumer = iss_consumer_new ("nginx", &error);
  g_autofree char *what = NULL;

  g_assert_true (iss_consumer_set (consumer, "command", "/usr/sbin/nginx -s 're load' $X", &error));
  g_assert_true (iss_consumer_set (consumer, "account", "www-data", &error));
  g_assert_true (iss_consumer_set (consumer, "timeout", "3600", &error));
  g_assert_no_error (error);

  g_assert_cmpuint (g_strv_length (consumer->argv), ==, 4);
  g_assert_cmpstr (consumer->argv[2], ==, "re load");
  g_assert_cmpstr (consumer->argv[3], ==, "$X");
  g_assert_cmpstr (consumer->account, ==, "www-data");
  g_assert_cmpuint (consumer->timeout, ==, 3600);
  what = iss_consumer_dup_what (consumer);
  g_assert_cmpstr (what, ==, "/usr/sbin/nginx -s re load $X");
}

static void
test_consumer_refuses (void)
{
  static const char *const cases[][2] =
  {
    { "type", "" }, { "type", "Nonsense" },
    { "account", "" }, { "account", "a b" }, { "account", "-a" }, { "account", "a/b" },
    { "account", "a23456789012345678901234567890123" },
    { "unit", "" }, { "unit", "nginx" }, { "unit", "-H.service" }, { "unit", "a b.service" },
    { "unit", "a/b.service" }, { "unit", "a;b.service" }, { "unit", "ngin\303\274.service" },
    { "command", "" }, { "command", "nginx -s reload" }, { "command", "/a 'b" },
    { "command", "./a" },
    { "timeout", "" }, { "timeout", "0" }, { "timeout", "3601" }, { "timeout", "-1" },
    { "timeout", "1s" },
    { "Type", "Default" }, { "", "x" }, { "user", "x" },
  };
  static const char *const names[] = { "", "-a", "a b", "a/b", "a.b", "../a", "\303\244" };
  g_autofree char *long_name = g_strnfill (65, 'a');
  GString *many = g_string_new ("/a");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssConsumer) consumer = iss_consumer_new ("x", NULL);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s=%s", cases[i][0], cases[i][1]);
      g_assert_false (iss_consumer_set (consumer, cases[i][0], cases[i][1], &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (iss_consumer_new (names[i], NULL));
  g_assert_null (iss_consumer_new (long_name, NULL));

  for (guint i = 0; i < 64; i++)
    g_string_append (many, " b");
  {
    g_autoptr(IssConsumer) consumer = iss_consumer_new ("x", NULL);

    g_assert_false (iss_consumer_set (consumer, "command", many->str, NULL));
    g_assert_true (iss_consumer_set (consumer, "command", "/a", NULL));
    g_assert_false (iss_consumer_set (consumer, "unit", "a.service", NULL));
  }
  g_string_free (many, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/consumer/unit", test_consumer_unit);
  g_test_add_func ("/consumer/command", test_consumer_command);
  g_test_add_func ("/consumer/refuses", test_consumer_refuses);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/consumer-file.h"

#include "core/base/error.h"
#include "tests/lib/nobody.h"
#include "tests/lib/temp-folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static GPtrArray *
parse (const char  *text,
       GError     **error)
{
  return iss_consumer_file_parse ("consumers.conf", text, strlen (text), error);
}

static void
test_consumer_file_parse (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) consumers = NULL;
  const IssConsumer *consumer;

  consumers = parse ("# Who uses what.\n"
                     "\n"
                     "[nginx]\n"
                     " type = Default \n"
                     "unit=nginx.service\r\n"
                     "[rtc]\n"
                     "type=OAuthTokenIssuer\n"
                     "account=rtc\n"
                     "command=/usr/bin/kill -HUP 1=2", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (consumers->len, ==, 2);
  consumer = g_ptr_array_index (consumers, 0);
  g_assert_cmpstr (consumer->name, ==, "nginx");
  g_assert_cmpstr (consumer->unit, ==, "nginx.service");
  consumer = g_ptr_array_index (consumers, 1);
  g_assert_cmpstr (consumer->argv[2], ==, "1=2");
  g_assert_cmpstr (consumer->account, ==, "rtc");

  g_clear_pointer (&consumers, g_ptr_array_unref);
  consumers = iss_consumer_file_parse ("x", NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (consumers->len, ==, 0);
}

static void
test_consumer_file_refuses (void)
{
  static const struct
  {
    const char *text;
    const char *said;
  } cases[] =
  {
    { "x", "consumers.conf, line 1: " },
    { "\n\ntype=Default", "consumers.conf, line 3: " },
    { "[a", "consumers.conf, line 1: " },
    { "[a]\ntype=Default\n", "consumers.conf, line 1: “a” has neither" },
    { "[a]\nunit=a.service\n\n[b]\n", "consumers.conf, line 1: “a” has no “type”" },
    { "[a]\ntype=Default\nunit=a.service\n[a]", "consumers.conf, line 4: " },
    { "[a]\ntype=Default\ntype=Default", "consumers.conf, line 3: " },
    { "[a]\ncommand=/a \033[31m", "consumers.conf, line 2: This is not plain text" },
    { "[a]\ncommand=/a \342\200\256b", "consumers.conf, line 2: This is not plain text" },
    { "[a]\nx\377", "consumers.conf is not plain text" },
  };
  g_autofree char *long_line = g_strnfill (5000, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (parse (cases[i].text, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_true (g_str_has_prefix (error->message, cases[i].said));
    }

  g_assert_null (parse (long_line, NULL));
  g_assert_null (iss_consumer_file_parse ("x", "[a]\0", 4, NULL));
}

static void
test_consumer_file_load (void)
{
  static const char text[] = "[a]\ntype=Default\nunit=a.service\n";
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  const char *root = iss_temp_folder_get_path (folder);
  g_autoptr(GPtrArray) consumers = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *own = iss_consumer_file_dup_path (root);
  g_autofree char *system = iss_consumer_file_dup_path ("/var/lib/issuant");

  g_assert_cmpstr (system, ==, "/etc/issuant/consumers.conf");

  /* No file: nobody uses anything, as far as is known. */
  consumers = iss_consumer_file_load (root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (consumers->len, ==, 0);
  g_clear_pointer (&consumers, g_ptr_array_unref);

  path = iss_temp_folder_write (folder, ISS_CONSUMER_FILE_OWN, text, -1);
  g_assert_cmpstr (path, ==, own);
  g_chmod (path, 0644);
  consumers = iss_consumer_file_load (root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (consumers->len, ==, 1);

  g_chmod (path, 0664);
  g_assert_null (iss_consumer_file_load (root, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
  g_clear_error (&error);
  g_chmod (path, 0644);

  /* What belongs to another account is believed only by that. */
  iss_nobody_begin (root);
  g_clear_pointer (&consumers, g_ptr_array_unref);
  consumers = iss_consumer_file_load (root, &error);
  g_assert_no_error (error);
  iss_nobody_end ();
  if (geteuid () == 0)
    {
      g_assert_null (iss_consumer_file_load (root, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/consumer-file/parse", test_consumer_file_parse);
  g_test_add_func ("/consumer-file/refuses", test_consumer_file_refuses);
  g_test_add_func ("/consumer-file/load", test_consumer_file_load);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/consumer-file.h"
#include "core/assignment/reload.h"
#include "tests/fuzz/target.h"

#include <string.h>

void
iss_target_add_seeds (GPtrArray *seeds)
{
  iss_seeds_add_text (seeds, "# Comment\n[nginx]\ntype=Default\nunit=nginx.service\n\n"
                             "[rtc]\ntype=OAuthTokenIssuer\naccount=rtc\ntimeout=120\n"
                             "command=/usr/bin/env 'a b' \"c\"\n");
  iss_seeds_add_text (seeds, "[reload]\nconsumer=nginx\ntype=Default\nwhat=nginx.service\n"
                             "timeout=60\nstate=failed\nrevision=7\ninode=4711\n"
                             "since=2027-06-30T00:00:00Z\nattempts=2\n"
                             "started=2027-06-30T00:00:00Z\nended=2027-06-30T00:00:01Z\n"
                             "reason=The reload ended with status 1\noutput=x\naccount=www-data\n"
                             "readable=false\n");
}

static void
configure (const uint8_t *data,
           size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) consumers = NULL;

  consumers = iss_consumer_file_parse ("x", (const char *) data, size, &error);
  iss_seeds_assert_refused (consumers != NULL, error);
  for (guint i = 0; consumers != NULL && i < consumers->len; i++)
    {
      const IssConsumer *consumer = g_ptr_array_index (consumers, i);

      g_assert_true (iss_consumer_is_name (consumer->name));
      g_assert_true (g_path_is_absolute (consumer->argv[0]));
      g_assert_nonnull (consumer->type);
      g_assert_cmpuint (consumer->timeout, >, 0);
    }
}

/* What was taken as a record is written as one that is taken. */
static void
record (const uint8_t *data,
        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReload) reload = iss_reload_new_from_text (bytes, &error);
  g_autoptr(IssReload) again = NULL;
  char *text;

  iss_seeds_assert_refused (reload != NULL, error);
  if (reload == NULL)
    return;

  g_assert_true (g_utf8_validate (reload->output, -1, NULL));
  text = iss_reload_to_text (reload);
  written = g_bytes_new_take (text, strlen (text));
  again = iss_reload_new_from_text (written, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->state, ==, reload->state);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  configure (data, size);
  record (data, size);

  return 0;
}

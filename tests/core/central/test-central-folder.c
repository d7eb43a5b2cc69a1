/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-folder.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#define N_WRITERS 4
#define N_ROUNDS 25

static IssCentralEngine *
open_engine (IssTempFolder *folder)
{
  g_autofree char *path = iss_temp_folder_dup_path (folder, "central");
  g_autoptr(GError) error = NULL;
  IssCentralFolder *engine = iss_central_folder_new (path, &error);

  g_assert_no_error (error);
  return ISS_CENTRAL_ENGINE (engine);
}

static guint64
put (IssCentralEngine *engine,
     const char       *key,
     const char       *text,
     guint64           expected)
{
  g_autoptr(GBytes) value = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  guint64 revision;

  g_assert_true (iss_central_engine_put_if (engine, key, value, expected, &revision, &error));
  g_assert_no_error (error);

  return revision;
}

static void
expect (IssCentralEngine *engine,
        const char       *key,
        const char       *text,
        guint64           revision)
{
  guint64 seen;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) value = iss_central_engine_get (engine, key, &seen, &error);
  gsize size;
  gconstpointer data;

  g_assert_no_error (error);
  data = g_bytes_get_data (value, &size);
  g_assert_cmpmem (data, size, text, strlen (text));
  g_assert_cmpuint (seen, ==, revision);
}

static void
test_compare_and_swap (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssCentralEngine) alice = open_engine (folder);
  g_autoptr(IssCentralEngine) bob = open_engine (folder);
  g_autoptr(GBytes) value = g_bytes_new_static ("bob's", 5);
  g_autoptr(GError) error = NULL;
  guint64 first, second;

  g_assert_null (iss_central_engine_get (bob, "pool/a/wanted/Default", NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  first = put (alice, "pool/a/wanted/Default", "one", 0);
  expect (bob, "pool/a/wanted/Default", "one", first);
  second = put (alice, "pool/a/wanted/Default", "two", first);
  g_assert_cmpuint (second, >, first);

  /* Bob has seen the first, and loses. */
  g_assert_false (iss_central_engine_put_if (bob, "pool/a/wanted/Default", value, first, NULL,
                                             &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_false (iss_central_engine_put_if (bob, "pool/a/wanted/Default", value, 0, NULL,
                                             &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
  g_clear_error (&error);
  expect (bob, "pool/a/wanted/Default", "two", second);

  g_assert_true (iss_central_engine_put_if (bob, "pool/a/wanted/Default", NULL, second, NULL,
                                            &error));
  g_assert_null (iss_central_engine_get (alice, "pool/a/wanted/Default", NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

static void
test_list (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssCentralEngine) engine = open_engine (folder);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) later = NULL;
  g_autoptr(GError) error = NULL;
  const guint64 first = put (engine, "pool/a/server/fe01", "1", 0);
  const guint64 other = put (engine, "pool/b/server/fe01", "2", 0);
  const guint64 second = put (engine, "pool/a/server/fe02", "3", 0);

  g_assert_cmpuint (other, >, first);
  put (engine, "pool/a/server/fe01", "4", first);
  all = iss_central_engine_list_since (engine, "pool/a/", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((IssCentralEntry *) all->pdata[0])->key, ==, "pool/a/server/fe02");
  g_assert_cmpstr (((IssCentralEntry *) all->pdata[1])->key, ==, "pool/a/server/fe01");

  later = iss_central_engine_list_since (engine, "pool/a/", second, &error);
  g_assert_cmpuint (later->len, ==, 1);
}

/* Counts up with compare and swap, again and again, as others do. */
static gpointer
count_worker (gpointer data)
{
  g_autoptr(IssCentralEngine) engine = open_engine (data);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr(GError) error = NULL;

      do
        {
          guint64 revision = 0;
          g_autoptr(GBytes) value = iss_central_engine_get (engine, "counter", &revision, NULL);
          g_autoptr(GBytes) next = NULL;
          guint n = 0;

          if (value != NULL)
            memcpy (&n, g_bytes_get_data (value, NULL), sizeof n);
          n++;
          next = g_bytes_new (&n, sizeof n);
          g_clear_error (&error);
          iss_central_engine_put_if (engine, "counter", next, revision, NULL, &error);
        }
      while (g_error_matches (error, ISS_ERROR, ISS_ERROR_CHANGED));
      g_assert_no_error (error);
    }

  return NULL;
}

static void
test_race (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssCentralEngine) engine = open_engine (folder);
  GThread *threads[N_WRITERS];
  g_autoptr(GBytes) value = NULL;
  guint n;

  for (guint i = 0; i < N_WRITERS; i++)
    threads[i] = g_thread_new ("writer", count_worker, folder);
  for (guint i = 0; i < N_WRITERS; i++)
    g_thread_join (threads[i]);

  value = iss_central_engine_get (engine, "counter", NULL, NULL);
  memcpy (&n, g_bytes_get_data (value, NULL), sizeof n);
  g_assert_cmpuint (n, ==, N_WRITERS * N_ROUNDS);
}

static void
test_damaged (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssCentralEngine) engine = open_engine (folder);
  g_autofree char *path = iss_temp_folder_dup_path (folder, "central/entries/key");
  static const char *const texts[] = { "", "nonsense", "issuant entry 1 x\nvalue" };

  put (engine, "key", "value", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_null (iss_central_engine_get (engine, "key", NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, "key"));
    }
}

static void
note_cb (gboolean *changed)
{
  *changed = TRUE;
}

/* Whoever waits is told of what another program writes. */
static void
test_watch (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssCentralEngine) waiting = open_engine (folder);
  g_autoptr(IssCentralEngine) writing = open_engine (folder);
  gboolean changed = FALSE;

  g_signal_connect_swapped (waiting, "changed", G_CALLBACK (note_cb), &changed);
  put (writing, "key", "value", 0);
  iss_wait_until (changed);
  g_signal_handlers_disconnect_by_data (waiting, &changed);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/central-folder/compare-and-swap", test_compare_and_swap);
  g_test_add_func ("/central-folder/list", test_list);
  g_test_add_func ("/central-folder/race", test_race);
  g_test_add_func ("/central-folder/damaged", test_damaged);
  g_test_add_func ("/central-folder/watch", test_watch);

  return g_test_run ();
}

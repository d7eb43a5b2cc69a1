/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/secret.h"

#include "core/base/error.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* The sizes around which a secret lives elsewhere: the locked heap, pages. */
static const gsize sizes[] = { 0, 1, 31, 32, 4095, 4096, 65534, 65535, 65536, 8 * 1024 * 1024 };

static void
test_sizes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(IssSecret) secret = NULL;
      gpointer data = NULL;
      gsize size = 99;

      g_test_message ("%" G_GSIZE_FORMAT, sizes[i]);
      secret = iss_secret_new_sized (sizes[i], &data);
      g_assert_nonnull (data);
      memset (data, 'x', sizes[i]);
      g_assert_true (iss_secret_get_data (secret, &size) == data);
      g_assert_cmpuint (size, ==, sizes[i]);
      g_assert_cmpuint (iss_secret_get_size (secret), ==, sizes[i]);
      g_assert_cmpuint (strlen (iss_secret_get_string (secret)), ==, sizes[i]);
      g_assert_cmpint (CRYPTO_secure_allocated (data), ==, sizes[i] < 65536);
    }
}

/* One secret too many for the heap does not fail. */
static void
test_full_heap (void)
{
  g_autoptr(GPtrArray) secrets = NULL;
  gsize used = CRYPTO_secure_used ();
  gboolean was_elsewhere = FALSE;

  secrets = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_secret_unref);

  for (guint i = 0; i < 64; i++)
    {
      gpointer data;
      IssSecret *secret = iss_secret_new_sized (32 * 1024 - 1, &data);

      memset (data, (int) ('0' + i), 32 * 1024 - 1);
      was_elsewhere = was_elsewhere || !CRYPTO_secure_allocated (data);
      g_ptr_array_add (secrets, secret);
    }

  g_assert_true (was_elsewhere);
  for (guint i = 0; i < secrets->len; i++)
    g_assert_cmpint (iss_secret_get_string (secrets->pdata[i])[32 * 1024 - 2], ==, '0' + (int) i);

  g_ptr_array_set_size (secrets, 0);
  g_assert_cmpuint (CRYPTO_secure_used (), ==, used);
}

/* The heap hands out the freed place again: it must be empty. */
static void
test_wiped (void)
{
  gsize size = 4000;
  IssSecret *secret = NULL;
  gpointer data;
  const guint8 *place;

  secret = iss_secret_new_sized (size, &data);
  memset (data, 0xaa, size);
  place = data;
  g_assert_true (CRYPTO_secure_allocated (place));
  iss_secret_ref (secret);
  iss_secret_unref (secret);
  g_assert_cmpint (place[size - 1], ==, 0xaa);
  iss_secret_unref (secret);

  /* The heap stays mapped; its list of free places uses the first bytes. */
  for (gsize i = 64; i < size; i++)
    g_assert_cmpint (place[i], ==, 0);
}

static void
test_strings (void)
{
  g_autoptr(IssSecret) plain = iss_secret_new ("geheim", 6);
  g_autoptr(IssSecret) taken = iss_secret_take_string (g_strdup ("geheim"));
  g_autoptr(IssSecret) empty = iss_secret_new (NULL, 0);
  g_autoptr(IssSecret) with_nul = iss_secret_new ("ge\0eim", 6);

  g_assert_cmpstr (iss_secret_get_string (plain), ==, "geheim");
  g_assert_cmpstr (iss_secret_get_string (taken), ==, "geheim");
  g_assert_cmpstr (iss_secret_get_string (empty), ==, "");
  g_assert_null (iss_secret_get_string (with_nul));

  g_assert_true (iss_secret_equal (plain, taken));
  g_assert_true (iss_secret_equal (empty, empty));
  g_assert_false (iss_secret_equal (plain, empty));
  g_assert_false (iss_secret_equal (plain, with_nul));
}

static void
test_without_newline (void)
{
  const struct { const char *text; const char *expected; } cases[] =
    {
      { "geheim", "geheim" },
      { "geheim\n", "geheim" },
      { "geheim\r\n", "geheim" },
      { "geheim\n\n", "geheim\n" },
      { "geheim\r", "geheim\r" },
      { " geheim \n", " geheim " },
      { "zwei\nZeilen\n", "zwei\nZeilen" },
      { "\n", "" },
      { "\r\n", "" },
      { "", "" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssSecret) whole = iss_secret_new (cases[i].text, strlen (cases[i].text));
      g_autoptr(IssSecret) secret = iss_secret_without_newline (whole);

      g_assert_cmpstr (iss_secret_get_string (secret), ==, cases[i].expected);
      g_assert_cmpuint (iss_secret_get_size (secret), ==, strlen (cases[i].expected));
      g_assert_cmpstr (iss_secret_get_string (whole), ==, cases[i].text);
    }
}

static gpointer
writer (gpointer user_data)
{
  const int *job = user_data;
  gsize left = (gsize) job[1];
  guint8 chunk[1000];

  memset (chunk, 'x', sizeof chunk);
  while (left > 0)
    {
      gssize n = write (job[0], chunk, MIN (left, sizeof chunk));

      if (n < 0)
        break;   /* the reader has had enough */

      left -= (gsize) n;
    }

  close (job[0]);

  return NULL;
}

static IssSecret *
read_pipe (gsize    size,
           gsize    limit,
           int      flags,
           GError **error)
{
  int ends[2];
  int job[2];
  GThread *thread;
  IssSecret *secret;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_assert_cmpint (fcntl (ends[0], F_SETFL, flags), ==, 0);
  job[0] = ends[1];
  job[1] = (int) size;
  thread = g_thread_new ("writer", writer, job);
  secret = iss_secret_read_fd (ends[0], limit, "The password", error);
  close (ends[0]);
  g_thread_join (thread);

  return secret;
}

static void
test_read_fd (void)
{
  const struct { gsize size; gsize limit; gboolean fits; } cases[] =
    {
      { 0, 0, TRUE },
      { 0, 10, TRUE },
      { 10, 10, TRUE },
      { 1, 0, FALSE },
      { 11, 10, FALSE },
      { 4095, 4095, TRUE },
      { 4096, 4096, TRUE },
      { 4097, 4096, FALSE },
      { 4097, 5000, TRUE },
      { 300000, 300000, TRUE },
      { 300001, 300000, FALSE },
      { 300000, 8 * 1024 * 1024, TRUE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases) * 2; i++)
    {
      gsize j = i / 2;
      g_autoptr(GError) error = NULL;
      g_autoptr(IssSecret) secret = NULL;

      g_test_message ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, cases[j].size, cases[j].limit);
      secret = read_pipe (cases[j].size, cases[j].limit, i % 2 == 0 ? 0 : O_NONBLOCK, &error);

      if (cases[j].fits)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (iss_secret_get_size (secret), ==, cases[j].size);
          g_assert_cmpuint (strspn (iss_secret_get_string (secret), "x"), ==, cases[j].size);
        }
      else
        {
          g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
          g_assert_true (g_str_has_prefix (error->message, "The password is larger than "));
          g_assert_null (secret);
        }
    }
}

static void
test_read_fd_fails (void)
{
  g_autoptr(GError) error = NULL;
  int fd = open (".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_null (iss_secret_read_fd (fd, 10, "The password", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, "The password cannot be read: "));
  close (fd);
}

static void
test_init_memory (void)
{
  struct rlimit core;

  iss_secret_init_memory ();
  g_assert_true (CRYPTO_secure_malloc_initialized ());
  g_assert_cmpint (prctl (PR_GET_DUMPABLE), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &core), ==, 0);
  g_assert_cmpuint (core.rlim_max, ==, 0);
}

/* Programs that forget to call init still wipe. */
static void
test_without_heap (void)
{
  g_autoptr(IssSecret) secret = iss_secret_new ("geheim", 6);

  g_assert_false (CRYPTO_secure_malloc_initialized ());
  g_assert_cmpstr (iss_secret_get_string (secret), ==, "geheim");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  signal (SIGPIPE, SIG_IGN);

  /* Before there is a heap, which stays. */
  test_without_heap ();
  iss_secret_init_memory ();

  g_test_add_func ("/secret/init-memory", test_init_memory);
  g_test_add_func ("/secret/sizes", test_sizes);
  g_test_add_func ("/secret/full-heap", test_full_heap);
  g_test_add_func ("/secret/wiped", test_wiped);
  g_test_add_func ("/secret/strings", test_strings);
  g_test_add_func ("/secret/without-newline", test_without_newline);
  g_test_add_func ("/secret/read-fd", test_read_fd);
  g_test_add_func ("/secret/read-fd/fails", test_read_fd_fails);

  return g_test_run ();
}

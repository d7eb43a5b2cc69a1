/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The main of every target where there is no libFuzzer:
 *
 *   fuzz-NAME --tap          the tests: what is good, what is known to be bad, and what comes of it
 *                            by chance that is the same each time
 *   fuzz-NAME --make FOLDER  writes the inputs that the tests begin with, for libFuzzer
 *   fuzz-NAME FILE...        tries files, such as one that libFuzzer has found
 *
 * ISS_FUZZ_SECONDS in the environment lets chance go on for that long, from another beginning. The
 * input that ended a program lies beside it as fuzz-NAME.last. */

#include "tests/fuzz/target.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SEED G_GUINT64_CONSTANT (0x49737375616e7400)
#define MOST_MUTATIONS 3000
#define MOST_SECONDS 3
#define MOST_CHANGES 6
#define MOST_BYTES (256 * 1024)

/* xorshift64*, Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016) */
static guint64
draw (guint64 *state)
{
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;

  return *state * G_GUINT64_CONSTANT (2685821657736338717);
}

/* Less than @limit, which is not 0. */
static gsize
draw_below (guint64 *state,
            gsize    limit)
{
  return (gsize) ((draw (state) >> 11) % limit);
}

static void
change_byte (GByteArray *bytes,
             guint64    *state)
{
  static const guint8 unusual[] = { 0x00, 0x01, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x02, '\n', '[',
                                    '=', ';', '-' };
  guint8 *byte = &bytes->data[draw_below (state, bytes->len)];

  switch (draw_below (state, 4))
    {
    case 0:
      *byte ^= (guint8) (1u << draw_below (state, 8));
      break;

    case 1:
      *byte = unusual[draw_below (state, sizeof unusual)];
      break;

    case 2:
      (*byte)++;
      break;

    default:
      *byte = (guint8) draw (state);
      break;
    }
}

static void
remove_some (GByteArray *bytes,
             guint64    *state)
{
  gsize start = draw_below (state, bytes->len);
  gsize size = 1 + draw_below (state, MIN (bytes->len - start, 64));

  g_byte_array_remove_range (bytes, (guint) start, (guint) size);
}

/* Puts a part of @other into @bytes. */
static void
put_in (GByteArray *bytes,
        GBytes     *other,
        guint64    *state)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (other, &size);
  gsize place = draw_below (state, (gsize) bytes->len + 1);
  gsize rest_size = bytes->len - place;
  g_autofree guint8 *rest = rest_size > 0 ? g_memdup2 (bytes->data + place, rest_size) : NULL;
  gsize start;

  if (size == 0)
    return;

  start = draw_below (state, size);
  g_byte_array_set_size (bytes, (guint) place);
  g_byte_array_append (bytes, data + start, (guint) (1 + draw_below (state, size - start)));
  if (rest_size > 0)
    g_byte_array_append (bytes, rest, (guint) rest_size);
}

static GBytes *
mutate (GPtrArray *seeds,
        guint64   *state)
{
  GByteArray *bytes = g_byte_array_new ();
  GBytes *seed = g_ptr_array_index (seeds, draw_below (state, seeds->len));
  gsize n = 1 + draw_below (state, MOST_CHANGES);
  gsize size;
  const guint8 *data = g_bytes_get_data (seed, &size);

  if (size > 0)
    g_byte_array_append (bytes, data, (guint) size);

  for (gsize i = 0; i < n; i++)
    {
      gsize kind = draw_below (state, 16);

      if (bytes->len == 0 || kind == 0)
        put_in (bytes, g_ptr_array_index (seeds, draw_below (state, seeds->len)), state);
      else if (kind == 1)
        put_in (bytes, seed, state);
      else if (kind == 2)
        remove_some (bytes, state);
      else if (kind == 3 && draw_below (state, 8) == 0)
        g_byte_array_set_size (bytes, (guint) draw_below (state, bytes->len));
      else
        change_byte (bytes, state);
    }

  if (bytes->len > MOST_BYTES)
    g_byte_array_set_size (bytes, MOST_BYTES);

  return g_byte_array_free_to_bytes (bytes);
}

/* In memory of just this size, so that reading behind it is seen. */
static void
try_bytes (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  g_assert_cmpint (LLVMFuzzerTestOneInput (copy, size), ==, 0);
}

/* Hexadecimal digits; "#" begins a comment. */
static GBytes *
decode_hex (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();
  int high = -1;

  for (const char *c = text; *c != '\0'; c++)
    {
      guint8 byte;

      if (*c == '#')
        {
          c += strcspn (c, "\n");
          if (*c == '\0')
            break;
        }

      if (!g_ascii_isxdigit (*c))
        continue;

      if (high < 0)
        {
          high = g_ascii_xdigit_value (*c);
          continue;
        }

      byte = (guint8) (high << 4 | g_ascii_xdigit_value (*c));
      g_byte_array_append (bytes, &byte, 1);
      high = -1;
    }

  g_assert_cmpint (high, <, 0);

  return g_byte_array_free_to_bytes (bytes);
}

static GBytes *
load (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *text;
  gsize size;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);

  if (g_str_has_suffix (path, ".hex"))
    {
      g_autofree char *hex = text;

      return decode_hex (hex);
    }

  return g_bytes_new_take (text, size);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Those that somebody has thought of or found, one file each. */
static void
add_files (GPtrArray *inputs)
{
  const char *folder = INPUTS;
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));

  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);

      g_ptr_array_add (inputs, load (path));
    }
}

static GPtrArray *
make_inputs (void)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  iss_target_add_seeds (inputs);
  g_assert_cmpuint (inputs->len, >, 0);
  g_ptr_array_add (inputs, g_bytes_new_static ("", 0));
  add_files (inputs);

  return inputs;
}

static void
test_corpus (void)
{
  g_autoptr(GPtrArray) inputs = make_inputs ();

  for (guint i = 0; i < inputs->len; i++)
    try_bytes (g_ptr_array_index (inputs, i));

  g_test_message ("%u inputs", inputs->len);
}

/* Beside the program, whoever has started it. */
static char *
dup_last_path (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);

  g_assert_no_error (error);

  return g_strconcat (program, ".last", NULL);
}

static void
remember (int     fd,
          GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  g_assert_cmpint (ftruncate (fd, 0), ==, 0);
  g_assert_cmpint (pwrite (fd, data, size, 0), ==, (gssize) size);
}

static void
test_mutations (void)
{
  g_autoptr(GPtrArray) inputs = make_inputs ();
  const char *wish = g_getenv ("ISS_FUZZ_SECONDS");
  gint64 seconds = wish != NULL ? g_ascii_strtoll (wish, NULL, 10) : MOST_SECONDS;
  gint64 deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint64 seed = wish != NULL ? SEED ^ (guint64) g_get_real_time () : SEED;
  g_autofree char *last = dup_last_path ();
  int fd = open (last, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  guint n = 0;

  g_assert_cmpint (fd, >=, 0);
  g_test_message ("seed %016" G_GINT64_MODIFIER "x", seed);

  while ((wish != NULL || n < MOST_MUTATIONS) && g_get_monotonic_time () < deadline)
    {
      g_autoptr(GBytes) bytes = mutate (inputs, &seed);

      remember (fd, bytes);
      try_bytes (bytes);
      n++;
    }

  g_test_message ("%u mutations of %u inputs", n, inputs->len);
  g_assert_cmpuint (n, >, 0);
  close (fd);
  g_assert_cmpint (unlink (last), ==, 0);
}

static void
make_folder (const char *folder)
{
  g_autoptr(GPtrArray) inputs = make_inputs ();

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (guint i = 0; i < inputs->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%03u", folder, i);
      g_autoptr(GError) error = NULL;
      gsize size;
      const char *data = g_bytes_get_data (g_ptr_array_index (inputs, i), &size);

      g_file_set_contents (name, data != NULL ? data : "", (gssize) size, &error);
      g_assert_no_error (error);
    }
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--make"))
    {
      make_folder (argv[2]);
      return 0;
    }

  if (argc > 1 && argv[1][0] != '-')
    {
      for (int i = 1; i < argc; i++)
        {
          g_autoptr(GBytes) bytes = load (argv[i]);

          try_bytes (bytes);
        }

      return 0;
    }

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/fuzz/" TARGET "/corpus", test_corpus);
  g_test_add_func ("/fuzz/" TARGET "/mutations", test_mutations);

  return g_test_run ();
}

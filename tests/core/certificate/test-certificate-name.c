/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-name.h"

#define NO_NAME "(no name) 0102 0304 … 1314"

typedef struct
{
  const char *subject;
  const char *names;       /* NULL: there is no extension */
  gsize       size;
  const char *expected;
} Case;

#define CASE(subject, names, expected) { subject, names, sizeof names - 1, expected }

#define DNS "\x82\x05" "a.org"
#define EMAIL "\x81\x05" "me@it"
#define URI "\x86\x07" "urn:a:b"
#define IPV4 "\x87\x04\xc0\x00\x02\x01"
#define IPV6 "\x87\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
#define OID "\x88\x03\x55\x04\x03"
#define EMPTY_DNS "\x82\x00"
#define BLANK_DNS "\x82\x02  "

static const Case cases[] =
{
  CASE ("auth.contoso.example", "\x30\x07" DNS, "auth.contoso.example"),
  { "auth.contoso.example", NULL, 0, "auth.contoso.example" },
  { "", NULL, 0, NO_NAME },
  { " \t", NULL, 0, NO_NAME },
  CASE ("", "\x30\x07" DNS, "a.org"),
  CASE ("  ", "\x30\x07" DNS, "a.org"),
  /* A DNS name comes first, wherever it stands; else what comes first. */
  CASE ("", "\x30\x0e" EMAIL DNS, "a.org"),
  CASE ("", "\x30\x10" EMAIL URI, "me@it"),
  CASE ("", "\x30\x10" URI EMAIL, "urn:a:b"),
  CASE ("", "\x30\x06" IPV4, "192.0.2.1"),
  CASE ("", "\x30\x12" IPV6, "2001:db8::1"),
  /* What is no name is none. */
  CASE ("", "\x30\x00", NO_NAME),
  CASE ("", "\x30\x05" OID, NO_NAME),
  CASE ("", "\x30\x0c" OID DNS, "a.org"),
  CASE ("", "\x30\x02" EMPTY_DNS, NO_NAME),
  CASE ("", "\x30\x04" BLANK_DNS, NO_NAME),
  CASE ("", "\x30\x09" EMPTY_DNS DNS, "a.org"),
  CASE ("", "\x30\x05\x87\x03\x01\x02\x03", NO_NAME),
  /* Cut short, or something else. */
  CASE ("", "\x30\x07\x82\x05" "a.o", NO_NAME),
  CASE ("", "\x30\x09" EMAIL "\x82\x05", "me@it"),
  CASE ("", "\x04\x07" DNS, NO_NAME),
  CASE ("", "", NO_NAME),
};

static void
test_subject (void)
{
  guint8 sha1[20];

  for (guint i = 0; i < sizeof sha1; i++)
    sha1[i] = (guint8) (i + 1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const IssDerWalk names = { (const guint8 *) cases[i].names, cases[i].size };
      g_autofree char *name = NULL;

      name = iss_certificate_name_take_subject (g_strdup (cases[i].subject), names, sha1);
      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, name);
      g_assert_cmpstr (name, ==, cases[i].expected);
    }
}

static void
test_issuer (void)
{
  g_autofree char *one = iss_certificate_name_take_issuer (g_strdup ("Contoso CA"));
  g_autofree char *none = iss_certificate_name_take_issuer (g_strdup (""));

  g_assert_cmpstr (one, ==, "Contoso CA");
  g_assert_cmpstr (none, ==, "(no name)");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate-name/subject", test_subject);
  g_test_add_func ("/certificate-name/issuer", test_issuer);

  return g_test_run ();
}

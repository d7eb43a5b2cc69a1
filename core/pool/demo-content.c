/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/demo-content.h"

#include "core/assignment/publication.h"
#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/maker.h"
#include "core/formats/pfx-writer.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POOL "pool01.contoso.example"
#define SIP_DOMAIN "contoso.example"
#define WHO "issuant --demo"
#define HOUR 3600
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
#define N_SERVERS 3
#define PASSWORD_LENGTH 16
/* The password lies beside the files: more rounds keep nothing, and each reading pays for them. */
#define ROUNDS 2048

const char *const iss_demo_content_names[] =
{
  ".issuant-demo", "topology.conf", "files", "fe01", "fe02", "fe03", NULL,
};

const char *const iss_demo_content_files[] =
{
  "auth.contoso.example.pfx", "auth-legacy.pfx", "auth.password", "next-auth.contoso.example.pfx",
  "ca.cer", "wrong.txt", NULL,
};

/* The certificates of the demo; those of SIP + n belong to server n. */
typedef enum
{
  CA,
  AUTH,
  OLD_AUTH,
  NEXT_AUTH,
  LAB,
  WWW,
  SIP,
  N_CERTIFICATES = SIP + N_SERVERS
} Which;

typedef struct
{
  const char   *name;
  const char   *dns_names[3];
  gint64        from;           /* seconds from the demo's instant */
  gint64        until;
  guint         rsa_bits;
  gboolean      token_issuer;
} Recipe;

static const Recipe recipes[N_CERTIFICATES] =
{
  [CA]        = { "Contoso Demo CA", { NULL }, -3 * YEAR, 7 * YEAR, 2048, FALSE },
  [AUTH]      = { "auth.contoso.example", { "auth.contoso.example", SIP_DOMAIN },
                  -300 * DAY, 240 * DAY, 2048, TRUE },
  [OLD_AUTH]  = { "old-auth.contoso.example", { "old-auth.contoso.example", SIP_DOMAIN },
                  -700 * DAY, -9 * DAY, 2048, TRUE },
  [NEXT_AUTH] = { "next-auth.contoso.example", { "next-auth.contoso.example", SIP_DOMAIN },
                  0, 2 * YEAR, 2048, TRUE },
  [LAB]       = { "lab.contoso.example", { "lab.contoso.example" },
                  -90 * DAY, YEAR, 1024, TRUE },
  [WWW]       = { "www.contoso.example", { "www.contoso.example" },
                  -60 * DAY, YEAR, 2048, FALSE },
  [SIP]       = { "sip.contoso.example", { "sip.contoso.example", "fe01.contoso.example" },
                  -60 * DAY, 580 * DAY, 2048, FALSE },
  [SIP + 1]   = { "sip.contoso.example", { "sip.contoso.example", "fe02.contoso.example" },
                  -60 * DAY, 590 * DAY, 2048, FALSE },
  [SIP + 2]   = { "sip.contoso.example", { "sip.contoso.example", "fe03.contoso.example" },
                  -60 * DAY, 600 * DAY, 2048, FALSE },
};

typedef struct
{
  const IssDemoSpec *spec;
  const char        *folder;
  const char        *becomes;
  IssCertificate    *certificates[N_CERTIFICATES];
  IssPrivateKey     *keys[N_CERTIFICATES];
  IssSecret         *password;
} Content;

/* One thread's part: the certificates first, first + 2, … */
typedef struct
{
  Content *content;
  guint    first;
  GError  *error;
} Part;

static void
content_clear (Content *self)
{
  for (guint i = 0; i < N_CERTIFICATES; i++)
    {
      g_clear_object (&self->certificates[i]);
      g_clear_object (&self->keys[i]);
    }
  g_clear_pointer (&self->password, iss_secret_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

static gboolean
make_certificate (Content   *self,
                  IssMaker  *maker,
                  guint      which,
                  GError   **error)
{
  const Recipe *recipe = &recipes[which];
  g_autofree char *label = g_strdup_printf ("demo %u %s", which, recipe->name);
  IssMakerSpec spec = {
    .subject_cn = recipe->name,
    .dns_names = recipe->dns_names[0] != NULL ? recipe->dns_names : NULL,
    .not_before = self->spec->at + recipe->from,
    .not_after = self->spec->at + recipe->until,
    .rsa_bits = recipe->rsa_bits,
    .is_ca = which == CA,
    .token_issuer = recipe->token_issuer,
    .key_label = label,
  };

  self->certificates[which] = iss_maker_make (maker, &spec,
                                              which != CA ? self->certificates[CA] : NULL,
                                              which != CA ? self->keys[CA] : NULL,
                                              &self->keys[which], error);

  return self->certificates[which] != NULL;
}

static gpointer
make_part (gpointer data)
{
  Part *part = data;
  g_autoptr(IssMaker) maker = iss_maker_new (part->content->spec->seed);

  for (guint i = part->first; i < N_CERTIFICATES; i += 2)
    if (!make_certificate (part->content, maker, i, &part->error))
      break;

  return NULL;
}

/* The authority first; then the others in two threads, with a maker each. */
static gboolean
make_certificates (Content  *self,
                   GError  **error)
{
  g_autoptr(IssMaker) maker = iss_maker_new (self->spec->seed);
  Part parts[2] = { { self, CA + 1, NULL }, { self, CA + 2, NULL } };
  GThread *thread;

  if (!make_certificate (self, maker, CA, error))
    return FALSE;

  thread = g_thread_new ("issuant-demo", make_part, &parts[1]);
  make_part (&parts[0]);
  g_thread_join (thread);

  if (parts[0].error != NULL)
    {
      g_clear_error (&parts[1].error);
      g_propagate_error (error, parts[0].error);
      return FALSE;
    }
  if (parts[1].error != NULL)
    {
      g_propagate_error (error, parts[1].error);
      return FALSE;
    }

  return TRUE;
}

/* A password that the seed decides, so that none is written in the program. */
static IssSecret *
make_password (const char *seed)
{
  g_autofree char *text = g_strconcat ("issuant demo password ", seed, NULL);
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return iss_secret_new (hex, PASSWORD_LENGTH);
}

static gboolean
hold (Content        *self,
      IssRootFolder  *root,
      guint           which,
      gboolean        with_key,
      IssIntent       intent,
      GError        **error)
{
  IssCertificate *certificate = self->certificates[which];
  IssProperties properties = { .intent = intent, .origin = (char *) "manual" };

  if (with_key &&
      !iss_key_file_save (root, self->keys[which], TRUE, "manual", NULL, error))
    return FALSE;

  return iss_certificate_store_add (root, ISS_STORE_MY, certificate, NULL, error) &&
         iss_properties_save (&properties, root, iss_certificate_get_sha256_hex (certificate),
                              error);
}

static gboolean
assign (Content         *self,
        IssAssignments  *assignments,
        const char      *type,
        guint            which,
        gint64           since,
        GError         **error)
{
  return iss_assignments_set (assignments, iss_certificate_type_find (type),
                              iss_certificate_get_sha256_hex (self->certificates[which]),
                              self->spec->at + since, NULL, error);
}

static gboolean
assign_server (Content         *self,
               IssRootFolder   *root,
               guint            server,
               GError         **error)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, error);

  if (assignments == NULL ||
      !assign (self, assignments, "Default", SIP + server, -60 * DAY, error) ||
      !assign (self, assignments, "WebServicesInternal", SIP + server, -60 * DAY, error) ||
      !assign (self, assignments, "WebServicesExternal", SIP + server, -60 * DAY, error))
    return FALSE;

  /* What was there first becomes the previous one. */
  if (server == 0 &&
      (!assign (self, assignments, "OAuthTokenIssuer", OLD_AUTH, -690 * DAY, error) ||
       !assign (self, assignments, "OAuthTokenIssuer", AUTH, -10 * DAY, error)))
    return FALSE;

  return iss_assignments_save (assignments, root, error) &&
         iss_publication_reconcile (root, self->spec->at, error);
}

static gboolean
record_import (Content        *self,
               IssRootFolder  *root,
               guint           which,
               IssIntent       intent,
               gint64          since,
               GError        **error)
{
  const char *const details[] =
    {
      "certificates", iss_certificate_get_sha256_hex (self->certificates[which]),
      "store", iss_store_name_get_nick (which == CA ? ISS_STORE_ROOT : ISS_STORE_MY),
      "intent", iss_intent_to_string (intent),
      NULL,
    };

  return iss_audit_append (root, self->spec->at + since, WHO, "import", details, error);
}

static gboolean
record_token_issuer (Content        *self,
                     IssRootFolder  *root,
                     guint           which,
                     gint64          since,
                     GError        **error)
{
  const char *const details[] =
    {
      "OAuthTokenIssuer", iss_certificate_get_sha256_hex (self->certificates[which]),
      NULL,
    };

  return iss_audit_append (root, self->spec->at + since, WHO, "set-assignment", details, error);
}

static gboolean
record_default (Content        *self,
                IssRootFolder  *root,
                guint           server,
                GError        **error)
{
  const char *sha256_hex = iss_certificate_get_sha256_hex (self->certificates[SIP + server]);
  const char *const details[] =
    {
      "Default", sha256_hex,
      "WebServicesInternal", sha256_hex,
      "WebServicesExternal", sha256_hex,
      NULL,
    };

  return record_import (self, root, SIP + server, ISS_INTENT_SERVER, -60 * DAY, error) &&
         iss_audit_append (root, self->spec->at - 60 * DAY, WHO, "set-assignment", details, error);
}

/* What was made, as if it had been done when the assignments say; oldest first. */
static gboolean
record_history (Content        *self,
                IssRootFolder  *root,
                guint           server,
                GError        **error)
{
  static const gint64 begins[N_SERVERS] = { -690 * DAY, -90 * DAY, -60 * DAY };

  if (!record_import (self, root, CA, ISS_INTENT_UNKNOWN, begins[server], error))
    return FALSE;

  if (server == 0 &&
      (!record_import (self, root, OLD_AUTH, ISS_INTENT_UNKNOWN, -690 * DAY, error) ||
       !record_token_issuer (self, root, OLD_AUTH, -690 * DAY, error)))
    return FALSE;

  if (server == 1 && !record_import (self, root, LAB, ISS_INTENT_SERVER, -90 * DAY, error))
    return FALSE;

  if (!record_default (self, root, server, error))
    return FALSE;

  if (server == 1 && !record_import (self, root, WWW, ISS_INTENT_SERVER, -60 * DAY, error))
    return FALSE;

  return server != 0 ||
         (record_import (self, root, AUTH, ISS_INTENT_POOL, -10 * DAY, error) &&
          record_token_issuer (self, root, AUTH, -10 * DAY, error));
}

static gboolean
fill_server (Content         *self,
             IssRootFolder   *root,
             guint            server,
             GError         **error)
{
  if (!iss_certificate_store_add (root, ISS_STORE_ROOT, self->certificates[CA], NULL, error) ||
      !hold (self, root, SIP + server, TRUE, ISS_INTENT_SERVER, error))
    return FALSE;

  if (server == 0 &&
      (!hold (self, root, AUTH, TRUE, ISS_INTENT_POOL, error) ||
       !hold (self, root, OLD_AUTH, TRUE, ISS_INTENT_UNKNOWN, error)))
    return FALSE;

  if (server == 1 &&
      (!hold (self, root, LAB, TRUE, ISS_INTENT_SERVER, error) ||
       !hold (self, root, WWW, FALSE, ISS_INTENT_SERVER, error)))
    return FALSE;

  return assign_server (self, root, server, error) &&
         record_history (self, root, server, error);
}

static gboolean
make_server (Content  *self,
             guint     server,
             GError  **error)
{
  g_autofree char *name = g_strdup_printf ("fe%02u", server + 1);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(IssRootFolder) root = iss_root_folder_open (path, TRUE, error);
  gboolean filled;

  if (root == NULL || !iss_root_folder_try_lock (root, WHO, self->spec->at, error))
    return FALSE;

  filled = fill_server (self, root, server, error);
  iss_root_folder_unlock (root);

  return filled;
}

static gboolean
write_bytes (int            folder,
             const char    *name,
             gconstpointer  data,
             gsize          size,
             GError       **error)
{
  return iss_atomic_file_create (folder, name, data, size, 0600, error);
}

static gboolean
write_pfx (Content        *self,
           int             folder,
           const char     *name,
           guint           which,
           IssPfxProfile   profile,
           GError        **error)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_HMAC);
  g_autoptr(GBytes) bytes = NULL;

  iss_bundle_add_certificate (bundle, self->certificates[which], recipes[which].name);
  iss_bundle_add_key (bundle, self->keys[which]);
  iss_bundle_add_certificate (bundle, self->certificates[CA], NULL);

  bytes = iss_pfx_writer_write_with (bundle, profile, TRUE, ROUNDS, self->password, error);

  return bytes != NULL &&
         write_bytes (folder, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                      error);
}

static gboolean
write_files (Content  *self,
             int       folder,
             GError  **error)
{
  const char *wrong = "This is not a certificate. The import wizard says so.\n";
  GBytes *ca = iss_certificate_get_der (self->certificates[CA]);

  return write_pfx (self, folder, "auth.contoso.example.pfx", AUTH,
                    ISS_PFX_PROFILE_AES256_SHA256, error) &&
         write_pfx (self, folder, "auth-legacy.pfx", AUTH, ISS_PFX_PROFILE_TRIPLEDES_SHA1, error) &&
         write_pfx (self, folder, "next-auth.contoso.example.pfx", NEXT_AUTH,
                    ISS_PFX_PROFILE_AES256_SHA256, error) &&
         write_bytes (folder, "auth.password", iss_secret_get_data (self->password, NULL),
                      iss_secret_get_size (self->password), error) &&
         write_bytes (folder, "ca.cer", g_bytes_get_data (ca, NULL), g_bytes_get_size (ca),
                      error) &&
         write_bytes (folder, "wrong.txt", wrong, strlen (wrong), error);
}

static char *
dup_topology (Content *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *when = iss_time_text_iso (self->spec->at - 10 * DAY);

  g_string_append (text, "# The demo pool of Issuant: three servers, each a folder beside this "
                         "file.\n\n"
                         "[pool " POOL "]\n"
                         "sip-domains=" SIP_DOMAIN ";\n");

  for (guint i = 0; i < N_SERVERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u", i + 1);
      g_autofree char *path = g_build_filename (self->becomes, name, NULL);
      g_autofree char *uri = g_uri_escape_string (path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, TRUE);

      g_string_append_printf (text, "\n[server %s.contoso.example]\n"
                                    "pool=" POOL "\n"
                                    "connection=local://%s\n", name, uri);
    }

  g_string_append_printf (text, "\n[agreed " POOL "]\n"
                                "OAuthTokenIssuer=%s;" WHO ";%s\n"
                                "OAuthTokenIssuer.previous=%s\n",
                          iss_certificate_get_sha256_hex (self->certificates[AUTH]), when,
                          iss_certificate_get_sha256_hex (self->certificates[OLD_AUTH]));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
make_files (Content  *self,
            GError  **error)
{
  g_autofree char *topology = dup_topology (self);
  int parent = open (self->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int files = -1;
  gboolean made;

  if (parent < 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder “%s” cannot be opened"), self->folder);
      return FALSE;
    }

  files = iss_atomic_file_open_folder (parent, "files", 0700, error);
  made = files >= 0 && write_files (self, files, error) &&
         write_bytes (parent, "topology.conf", topology, strlen (topology), error);

  if (files >= 0)
    close (files);
  close (parent);

  return made;
}

/* The time in which everything that shall be valid is. */
static void
find_validity (Content *self,
               gint64  *out_valid_from,
               gint64  *out_expires)
{
  gint64 from = G_MININT64;
  gint64 until = G_MAXINT64;

  for (guint i = 0; i < N_CERTIFICATES; i++)
    {
      if (i == OLD_AUTH)
        continue;
      from = MAX (from, iss_certificate_get_not_before (self->certificates[i]));
      until = MIN (until, iss_certificate_get_not_after (self->certificates[i]));
    }

  *out_valid_from = from;
  *out_expires = until;
}

/**
 * iss_demo_content_make:
 * @spec: which demo
 * @folder: an existing folder to make it in
 * @becomes: the path that @folder will be renamed to
 * @out_valid_from: (out): from when all its certificates are valid
 * @out_expires: (out): when the first of them expires that shall be valid
 * @error: return location for an error
 *
 * Makes the servers, the files and the topology, but not the marker.
 *
 * Returns: whether all of it was made
 */
gboolean
iss_demo_content_make (const IssDemoSpec  *spec,
                       const char         *folder,
                       const char         *becomes,
                       gint64             *out_valid_from,
                       gint64             *out_expires,
                       GError            **error)
{
  g_auto(Content) content = { .spec = spec, .folder = folder, .becomes = becomes };

  if (!make_certificates (&content, error))
    return FALSE;

  content.password = make_password (spec->seed);

  for (guint i = 0; i < N_SERVERS; i++)
    if (!make_server (&content, i, error))
      return FALSE;

  if (!make_files (&content, error))
    return FALSE;

  find_validity (&content, out_valid_from, out_expires);

  return TRUE;
}

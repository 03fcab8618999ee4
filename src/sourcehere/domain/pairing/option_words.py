"""
The words of options in English, Chinese, German, Spanish and French, as data.

Per kind: a value, then its words in the five languages, then codes. German adjectives
are given without their endings, Spanish and French ones without the plural; the
dictionary adds these. Words behind a `!` and all codes, single letters and single signs
count only where they stand alone: as an option, between separators, or as a part of a
SKU, for in a sentence they may mean something else (`or`, `rose`).
"""

# English | Chinese | German | Spanish | French | codes
COLOURS = {
    "black": "black|黑色,黑,黑色的|schwarz|negro,negra|noir,noire|blk,bk,blck",
    "white": "white|白色,白|weiss|blanco,blanca|blanc,blanche|wht,wh",
    "grey": "grey,gray|灰色,灰|grau|gris|gris,grise|gry,gr",
    "silver": "silver|银色,银|silber,silbern,silberfarben|plata,plateado,plateada|"
    "argente,argentee,!argent|slv",
    "gold": "gold,golden|金色,金|golden,goldfarben|dorado,dorada,!oro|dore,doree,!or|"
    "gld",
    "rose gold": "rose gold|玫瑰金,玫瑰金色|rosegold,rosegolden|oro rosa|or rose|rsgld",
    "champagne": "champagne|香槟色,香槟金|champagner|champan|!champagne|",
    "bronze": "bronze|古铜色,青铜色|bronzefarben|!bronce|!bronze|",
    "copper": "copper|铜色|kupfer,kupferfarben|cobre|cuivre|",
    "red": "red|红色,红,大红色|rot|rojo,roja|rouge|rd",
    "burgundy": "burgundy,wine red,maroon,!wine|酒红色,酒红|weinrot,bordeaux,"
    "bordeauxrot|"
    "burdeos,granate,!vino|bordeaux,bourgogne,!vin|bgd",
    "orange": "orange|橙色,橘色,橘红色,橙|orangefarben|naranja|!orange|org",
    "coral": "coral|珊瑚色,珊瑚红|koralle,korallenrot|coral|corail|",
    "yellow": "yellow|黄色,黄|gelb|amarillo,amarilla|jaune|ylw,ye",
    "mustard": "mustard|姜黄色,姜黄|senfgelb,senf|mostaza|moutarde|",
    "green": "green|绿色,绿|grun,gruen|verde|vert,verte|grn,gn",
    "army green": "army green,olive green,olive,military green|军绿色,军绿,橄榄绿|"
    "olivgrun,oliv,armeegrun|verde militar,verde oliva,oliva|vert olive,vert militaire,"
    "vert kaki|",
    "mint": "mint,mint green|薄荷绿,薄荷色|mintgrun,!minze|menta,verde menta|"
    "menthe,vert menthe|",
    "turquoise": "turquoise,teal|青色,湖蓝色,绿松石色|turkis,tuerkis,petrol|turquesa|"
    "turquoise|trq",
    "blue": "blue|蓝色,蓝|blau|azul|bleu,bleue|blu,bl",
    "navy": "navy,navy blue|藏青色,藏青,海军蓝,藏蓝色,藏蓝|marineblau,marine,navyblau|"
    "azul marino,marino|bleu marine,marine|nvy,nv",
    "royal blue": "royal blue|宝蓝色,宝蓝,皇家蓝|konigsblau,royalblau|azul real,"
    "azul rey|bleu roi,bleu royal|",
    "sky blue": "sky blue|天蓝色,天蓝|himmelblau|azul cielo,celeste|bleu ciel|",
    "purple": "purple,violet|紫色,紫|lila,violett|morado,morada,purpura,violeta|"
    "violet,violette,pourpre|ppl",
    "lavender": "lavender,lilac|薰衣草色,淡紫色|lavendel,flieder|lavanda|lavande,"
    "lilas|",
    "pink": "pink|粉色,粉红色,粉红,粉|rosa|rosa,rosado,rosada|!rose|pnk,pk",
    "hot pink": "hot pink,rose red,fuchsia,magenta|玫红色,玫红,玫瑰红|pinkrot|"
    "fucsia|fuchsia|",
    # Catalogues say coffee where shops say brown; a product may have both.
    "brown": "brown,!coffee|棕色,棕,褐色,咖啡色,咖色|braun,kaffeebraun|marron,cafe|"
    "marron,brun,brune|brn,br",
    "khaki": "khaki|卡其色,卡其|khakifarben|caqui|kaki|khk",
    "beige": "beige|米色,米黄色,杏色|beigefarben|beis|!beige|bge",
    "cream": "!cream,ivory,off white|奶油色,米白色,米白,象牙白|creme,cremeweiss,"
    "elfenbein|"
    "!crema,marfil|creme,ivoire,ecru|",
    "transparent": "transparent,!clear|透明,透明色|durchsichtig,klar|transparente,"
    "!claro|transparente|",
    "multicolour": "multicolour,multicolor,multicoloured,multicolored,colorful,"
    "colourful|"
    "彩色,多色,混色,五彩|bunt,mehrfarbig|multicolor,multicolores|multicolore|mix",
}
# These take light and dark before or after them.
SHADED = ("grey", "red", "green", "blue", "purple", "pink", "brown", "yellow")
LIGHT = "light,pale|浅,淡|hell|claro,clara|clair,claire"
DARK = "dark,deep|深,暗|dunkel|oscuro,oscura|fonce,foncee"

SIZES = {
    "2xs": "extra extra small||||||xxs,2xs",
    "xs": "extra small,x small,xsmall|加小码,加小号|extra klein|extra pequeno,"
    "extra pequena|tres petit,tres petite|xs",
    "s": "small|小号,小码,小,S码|klein|pequeno,pequena,chico,chica|petit,petite|!s,"
    "sm,sml",
    "m": "medium|中号,中码,中,M码|mittel,mittelgross|mediano,mediana|moyen,moyenne|"
    "!m,med,md",
    "l": "large|大号,大码,大,L码|gross|grande|grand,grande|!l,lg,lrg",
    "xl": "extra large,x large,xlarge|加大码,加大号,加大,XL码|extra gross|extra grande|"
    "extra grand,tres grand,tres grande|xl",
    "2xl": "extra extra large,xx large,2x large|加加大码,特大号,特大码,2XL码|||xxl,"
    "2xl,2x",
    "3xl": "xxx large,3x large|3XL码|||xxxl,3xl,3x",
    "4xl": "4x large|4XL码|||xxxxl,4xl,4x",
    "5xl": "5x large|5XL码|||xxxxxl,5xl,5x",
    "6xl": "6x large|6XL码|||6xl",
    "one size": "one size,free size,onesize|均码,均一码|einheitsgrosse|talla unica|"
    "taille unique|os,osfa,onesz",
}
MATERIALS = {
    "cotton": "cotton|棉,纯棉,全棉|baumwolle|algodon|coton|",
    "linen": "linen|亚麻|leinen|lino|!lin|",
    "wool": "wool|羊毛|wolle|lana|laine|",
    "silk": "silk|真丝,丝绸|seide|seda|soie|",
    "polyester": "polyester|涤纶,聚酯纤维|||polyester|",
    "leather": "leather|皮革,真皮|leder|cuero,piel|cuir|",
    "wood": "wood,wooden|木,木质,实木|holz|madera|bois|",
    "bamboo": "bamboo|竹,竹制|bambus|bambu|bambou|",
    "metal": "metal|金属|metall|metal|!metal|",
    "stainless steel": "stainless steel|不锈钢|edelstahl|acero inoxidable|"
    "acier inoxydable,"
    "inox|",
    "plastic": "plastic|塑料|kunststoff,plastik|plastico|plastique|",
    "glass": "glass|玻璃|!glas|vidrio,cristal|verre|",
    "ceramic": "ceramic,porcelain|陶瓷|keramik,porzellan|ceramica,porcelana|ceramique,"
    "porcelaine|",
    "silicone": "silicone|硅胶|silikon|silicona|!silicone|",
}
PLUGS = {
    "eu": "eu plug,euro plug|欧规,欧标,欧规插头|eu stecker|enchufe eu|prise eu|!eu",
    "us": "us plug,usa plug|美规,美标,美规插头|us stecker|enchufe us|prise us|!us",
    "uk": "uk plug|英规,英标,英规插头|uk stecker|enchufe uk|prise uk|!uk",
    "au": "au plug|澳规,澳标,澳规插头|au stecker|enchufe au|prise au|!au",
}
VALUES = {
    "colour": COLOURS,
    "size": SIZES,
    "material": MATERIALS,
    "plug": PLUGS,
}
# The name of an option -> what kind it is of.
NAMES = {
    "colour": "colour,color,colours,colors,shade|颜色,颜色分类,色|farbe,farben,farbton|"
    "color,colores,tono|couleur,couleurs,coloris",
    "size": "size,sizes|尺码,尺寸,大小,码数,鞋码|grosse,groesse,schuhgrosse|talla,"
    "tallas,"
    "tamano|taille,tailles,pointure",
    "material": "material,fabric|材质,面料,材料|material,stoff|tela,tejido|matiere,"
    "materiau,tissu",
    "style": "style,design,pattern,model,type|款式,图案,型号,样式,类型|stil,muster,"
    "motiv,"
    "modell,typ,ausfuhrung|estilo,diseno,modelo,tipo|modele,motif",
    "pack": "pack,quantity,pieces|数量,件数|menge,anzahl,stuckzahl|cantidad,unidades|"
    "quantite,nombre",
    "length": "length|长度|lange|longitud,largo|longueur",
    "weight": "weight|重量|gewicht|peso|poids",
    "volume": "volume,capacity|容量|volumen,inhalt,fassungsvermogen|volumen,capacidad|"
    "contenance,capacite",
    "plug": "plug|插头,规格插头|stecker|enchufe|prise",
}
